import { expect, test } from '../fixtures.ts';
import { answerProvider, citizens, expectPath, signIn, signInLink } from '../steps.ts';

test('the home page loads no script before sign-in (needs JavaScript)', async ({ page }) => {
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
  await page.goto('/', { waitUntil: 'networkidle' });
  await expect(page.locator('script')).toHaveCount(0);
  expect(loaded.filter((path) => /\.(m?js|wasm)$/.test(path))).toEqual([]);
});

test('a page that needs a sign-in opens after the sign-in', async ({ page }) => {
  await page.goto('/profile');
  await expectPath(page, '/?return_to=%2Fprofile');
  await expect(signInLink(page)).toHaveAttribute('href', '/login/itsme?return_to=%2Fprofile');
  await signInLink(page).click();
  await answerProvider(page, citizens.an);
  await expectPath(page, '/profile');
  await expect(page.getByRole('heading', { level: 1, name: 'Your profile' })).toBeVisible();
});

test('a sign-in never redirects to another website', async ({ page }) => {
  await signIn(page, citizens.an, { from: '/?return_to=%2F%2Felsewhere.example', landing: '/my-data' });
});

test('an unknown address shows an error page with a link to the home page', async ({ page, tidy }) => {
  tidy.expectFailure('/no-such-page', 404);
  await page.goto('/no-such-page');
  await expect(page.getByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible();
  await page.getByRole('link', { name: 'Go to the home page' }).click();
  await expectPath(page, '/');
});
