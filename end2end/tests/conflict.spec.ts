import { expect, test } from '../fixtures.ts';
import { expectPath, expectSaved, expectStored, makeConflict, messageBox, signIn, whileSaving } from '../steps.ts';

const texts = { stored: 'from the other tab', typed: 'from this tab' };

test.beforeEach(async ({ page, tidy }) => {
  tidy.expectFailure('/api/save_message', 409);
  await signIn(page);
  await makeConflict(page, texts);
});

test('a conflict shows both texts and overwrites nothing', async ({ page }) => {
  await expect(page.getByRole('textbox', { name: 'What you typed' })).toHaveValue(texts.typed);
  await expect(page.getByRole('heading', { name: 'What is saved now' })).toBeVisible();
  await expect(page.getByText(texts.stored, { exact: true })).toBeVisible();
  await expectStored(page, texts.stored);
});

test('after a conflict, the typed text can be saved', async ({ page }) => {
  await whileSaving(page, () => page.getByRole('button', { name: 'Save what you typed' }).click());
  await expectSaved(page);
  // The address contains the saved version, never the typed text.
  await expect(page).toHaveURL(/\/my-data\?saved=\d+$/);
  await expectStored(page, texts.typed);
});

test('after a conflict, the stored text can be kept', async ({ page }) => {
  await page.getByRole('link', { name: 'Leave your message as it is now' }).click();
  await expectPath(page, '/my-data');
  await expect(messageBox(page)).toHaveValue(texts.stored);
  await expectStored(page, texts.stored);
});

test('a conflict moves the focus to its message (needs JavaScript)', async ({ page }) => {
  await expect(page.locator(':focus')).toContainText('Choose which text to keep');
});
