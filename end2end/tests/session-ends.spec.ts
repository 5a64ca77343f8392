import { endAllSessions } from '../dynamodb.ts';
import { expect, test } from '../fixtures.ts';
import { answerProvider, citizens, expectPath, expectStored, pressSave, signIn, signInLink, write } from '../steps.ts';

test.beforeEach(({ page }) => signIn(page));

test('a page that is opened after the session ends asks for a sign-in, then opens', async ({ page, app }) => {
  await endAllSessions(app);
  await page.goto('/profile');
  await expectPath(page, '/?return_to=%2Fprofile');
  await expect(page.getByText('Sign in to open that page.')).toBeVisible();
  // The user pool's own session is still open. It still asks.
  await signInLink(page).click();
  await answerProvider(page, citizens.an);
  await expectPath(page, '/profile');
});

test('a save after the session ends keeps the typed text', async ({ page, app, tidy }) => {
  const text = 'typed\nover an hour </textarea>';
  await write(page, text);
  await endAllSessions(app);
  tidy.expectFailure('/api/save_message', 401);
  await pressSave(page);
  await expect(page.getByRole('heading', { name: 'Your session has ended' })).toBeVisible();
  const unsaved = page.getByRole('textbox', { name: 'Your unsaved text' });
  await expect(unsaved).toHaveValue(text);
  await expect(unsaved).not.toBeEditable();
  await expect(page.getByRole('banner')).not.toContainText('Signed in as');

  await page.getByRole('link', { name: 'Sign in again' }).click();
  await signInLink(page).click();
  await answerProvider(page, citizens.an);
  await expectPath(page, '/my-data');
  await expectStored(page, '');
});
