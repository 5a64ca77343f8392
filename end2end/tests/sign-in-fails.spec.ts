import { expect, test } from '../fixtures.ts';
import { answerProvider, citizens, expectPath, signInLink, signOutButton, status, tryAgain } from '../steps.ts';

const failed = 'We could not sign you in';

test.beforeEach(async ({ page }) => {
  await page.goto('/');
  await signInLink(page).click();
});

test('declining at itsme returns to the home page, and a second attempt works', async ({ page }) => {
  await answerProvider(page, citizens.an, 'Decline');
  await expectPath(page, '/?signin=cancelled');
  await expect(status(page).filter({ hasText: 'Sign-in cancelled' })).toBeVisible();
  await expect(signOutButton(page)).toHaveCount(0);

  await signInLink(page).click();
  await answerProvider(page, citizens.an);
  await expectPath(page, '/my-data');
});

test('a time-out at itsme is explained, and trying again works', async ({ page, tidy }) => {
  tidy.expectFailure('/auth/callback', 502);
  await answerProvider(page, citizens.an, 'Let it time out');
  await expect(page.getByRole('heading', { level: 1, name: failed })).toBeVisible();
  await expect(page.getByText(/^Reference: \S+$/)).toBeVisible();
  await tryAgain(page, 'Try again');
});

test('a citizen without a national number is told why', async ({ page, tidy }) => {
  tidy.expectFailure('/auth/callback', 400);
  await answerProvider(page, citizens.mia);
  await expect(page.getByRole('heading', { level: 1, name: failed })).toBeVisible();
  await expect(page.getByText('We did not receive your National Register number')).toBeVisible();
  await expect(page.getByText(/^Reference: \S+$/)).toBeVisible();
  await expect(signOutButton(page)).toHaveCount(0);
  await tryAgain(page, 'Sign out and choose again');
});
