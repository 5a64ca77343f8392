import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { citizens, expectPath, expectSaved, expectStored, messageBox, saveButton, signInLink, whileSaving } from '../steps.ts';

/** Presses Tab until `target`, or one of the elements it matches, has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press('Tab');
    if (await target.and(page.locator(':focus')).count()) return;
  }
  throw new Error(`Tab did not reach ${target}`);
}

test('signing in and saving work without a mouse', async ({ page }) => {
  await page.goto('/');
  await tabTo(page, signInLink(page));
  await page.keyboard.press('Enter');

  const an = page.getByRole('radio', { name: citizens.an });
  await expect(an).toBeVisible();
  // A group of radio buttons is one tab stop. The arrow keys move inside it.
  await tabTo(page, page.getByRole('radio'));
  await page.keyboard.press('Space');
  for (let presses = 0; presses < 10 && !(await an.isChecked()); presses++) await page.keyboard.press('ArrowDown');
  await expect(an).toBeChecked();
  await tabTo(page, page.getByRole('button', { name: 'Approve' }));
  await page.keyboard.press('Enter');
  await expectPath(page, '/my-data');

  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to main content' })).toBeFocused();
  await page.keyboard.press('Enter');
  // The link skips the header, so the message box is the next stop.
  await page.keyboard.press('Tab');
  await expect(messageBox(page)).toBeFocused();
  await page.keyboard.type('typed blindly');
  await page.keyboard.press('Tab');
  await expect(saveButton(page)).toBeFocused();
  await whileSaving(page, () => page.keyboard.press('Enter'));
  await expectSaved(page);
  await expectStored(page, 'typed blindly');
});
