import { expect, test } from '../fixtures.ts';
import { answerProvider, citizens, expectPath, expectSaved, expectStored, messageBox, save, saveButton, signIn, signInLink, signOut, status, whileSaving, write } from '../steps.ts';

test('a citizen signs in, sees the profile, saves a message, and sees it at the next sign-in', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: 'My Data' })).toBeVisible();
  await signInLink(page).click();
  await answerProvider(page, citizens.an);
  await expectPath(page, '/my-data');
  await expect(page.getByRole('banner')).toContainText('Signed in as An Peeters');
  await expect(status(page)).toHaveText('Nothing saved yet.');

  const pages = page.getByRole('navigation', { name: 'Pages' });
  await pages.getByRole('link', { name: 'Profile', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Your profile' })).toBeVisible();
  const fact = (name: string) => page.locator('dl > div').filter({ has: page.getByText(name, { exact: true }) });
  await expect(fact('Full name')).toContainText('An Peeters');
  await expect(fact('National Register number')).toContainText('85.07.30-033.28');
  await expect(fact('National Register number')).toContainText('We use it to find your saved message.');

  await pages.getByRole('link', { name: 'Your message', exact: true }).click();
  await save(page, 'Renew my passport');
  await expect(status(page).locator('time')).toHaveAttribute('datetime', /^\d{4}-\d\d-\d\dT/);
  await page.reload();
  await expect(messageBox(page)).toHaveValue('Renew my passport');

  await signOut(page);
  await signIn(page);
  await expect(messageBox(page)).toHaveValue('Renew my passport');
});

test('after signing out, going back does not show the citizen\'s pages', async ({ page }) => {
  await signIn(page);
  await signOut(page);
  // The browser must ask the server again instead of showing a cached page.
  await page.goBack();
  await expectPath(page, '/?return_to=%2Fmy-data');
});

test('a saved message can be cleared', async ({ page }) => {
  await signIn(page);
  await save(page, 'Something');
  await save(page, '');
  await expectStored(page, '');
});

test('a save neither reloads the page nor moves the focus (needs JavaScript)', async ({ page }) => {
  await signIn(page);
  await write(page, 'By keyboard');
  await page.evaluate(() => document.body.setAttribute('data-not-reloaded', ''));
  await saveButton(page).focus();
  await whileSaving(page, () => page.keyboard.press('Enter'));
  await expectSaved(page);
  await expect(page.locator('body[data-not-reloaded]')).toHaveCount(1);
  await expect(saveButton(page)).toBeFocused();
});
