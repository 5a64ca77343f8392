import { endAllSessions } from '../dynamodb.ts';
import { expect, test } from '../fixtures.ts';
import { answerItsme, citizens, expectPath, expectStored, pressSave, signIn, signInLink, tryAgain, write } from '../steps.ts';

test.beforeEach(({ page }) => signIn(page));

test('a page opened after the session ended asks to sign in, and then opens', async ({ page, app }) => {
  await endAllSessions(app);
  await page.goto('/profile');
  await expectPath(page, '/?return_to=%2Fprofile');
  await expect(page.getByText('Sign in to open that page.')).toBeVisible();
  await signInLink(page).click();
  await answerItsme(page, citizens.an);
  await expectPath(page, '/profile');
});

test('a save after the session ended loses no text', async ({ page, app, tidy }) => {
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

  await tryAgain(page, 'Sign in again');
  await expectStored(page, '');
});
