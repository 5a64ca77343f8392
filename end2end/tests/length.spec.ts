import { expect, test } from '../fixtures.ts';
import { alert, counter, expectStored, messageBox, pressSave, save, signIn, status, write } from '../steps.ts';

test.beforeEach(({ page }) => signIn(page));

test('the counter updates while the citizen types (needs JavaScript)', async ({ page }) => {
  await expect(page.getByText(counter(0), { exact: true })).toBeVisible();
  await messageBox(page).pressSequentially('né🙂\n!');
  await expect(page.getByText(counter(5), { exact: true })).toBeVisible();
  await messageBox(page).press('Backspace');
  await expect(page.getByText(counter(4), { exact: true })).toBeVisible();
});

test('screen readers hear the count after a pause (needs JavaScript)', async ({ page }) => {
  const said = page.locator('[aria-live=polite]');
  await expect(page.locator('#count')).toHaveText(counter(0));
  await expect(said).toBeEmpty();
  await messageBox(page).pressSequentially('né🙂');
  await expect(page.locator('#count')).toHaveText(counter(3));
  await expect(page.locator('#count')).not.toHaveAttribute('aria-live');
  await expect(said).toHaveText(counter(3));
});

test('2,000 characters of any kind can be saved', async ({ page }) => {
  // A form sends a line end as two characters and an emoji as twelve. Each counts as one.
  const full = '🙂\n'.repeat(1_000);
  await save(page, full);
  await expectStored(page, full);
});

test('a long message scrolls on a screen, and is whole on paper', async ({ page }) => {
  await save(page, 'line\n'.repeat(100));
  const hidden = () => messageBox(page).evaluate((box) => box.scrollHeight - box.clientHeight);
  expect(await hidden()).toBeGreaterThan(0);
  await page.emulateMedia({ media: 'print' });
  expect(await hidden()).toBe(0);
});

test('a message that is too long is not saved and stays in the box', async ({ page, tidy }) => {
  const tooLong = 'x'.repeat(2_001);
  await write(page, tooLong);
  tidy.expectFailure('/api/save_message', 422);
  await pressSave(page);
  await expect(page).toHaveTitle(/^Error: /);
  await expect(alert(page).getByRole('heading', { name: 'There is a problem' })).toBeVisible();
  const problem = alert(page).getByRole('link', { name: 'Your message has 2,001 characters. It must have 2,000 or fewer.' });
  await problem.click();
  await expect(messageBox(page)).toBeFocused();
  await expect(messageBox(page)).toHaveAccessibleDescription(/^Error: Your message has 2,001 characters/);
  await expect(messageBox(page)).toHaveValue(tooLong);

  await save(page, tooLong.slice(1));
  await expectStored(page, tooLong.slice(1));
});

test('a response without the text does not replace the typed text (needs JavaScript)', async ({ page, tidy }) => {
  // Without `maxlength`, the test can type more than the server accepts in one request.
  await messageBox(page).evaluate((box) => box.removeAttribute('maxlength'));
  const farTooLong = 'x'.repeat(70_000);
  await write(page, farTooLong);
  tidy.expectFailure('/api/save_message', 413);
  await pressSave(page);
  await expect(status(page)).toContainText('more than we can accept');
  await expect(status(page)).toHaveClass(/\bfailed\b/);
  await expect(messageBox(page)).toHaveValue(farTooLong);

  await save(page, 'short again');
  await expect(status(page)).not.toHaveClass(/\bfailed\b/);
  await expectStored(page, 'short again');
});
