import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { answerProvider, citizens, makeConflict, signIn, signInLink, signOut } from '../steps.ts';

// axe is a script itself, so none of this runs without. The HTML is the same either way.

/** No violation of any weight that axe knows, in light and in dark; and no line of the page needs sideways scrolling. */
async function inspect(page: Page, name: string): Promise<void> {
  await test.step(name, async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      const told = violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`);
      expect(told, `axe on ${name}, ${colorScheme}`).toEqual([]);
    }
    const size = page.viewportSize();
    // The width that WCAG 2.2, 1.4.10 asks for.
    await page.setViewportSize({ width: 320, height: 640 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, `width of ${name}`).toBeLessThanOrEqual(320);
    if (size) await page.setViewportSize(size);
  });
}

test('the pages of a visitor are accessible (needs JavaScript)', async ({ page, tidy }) => {
  for (const path of ['/', '/?signin=cancelled', '/?return_to=%2Fmy-data']) {
    await page.goto(path);
    await inspect(page, path);
  }
  tidy.expectFailure('/no-such-page', 404);
  await page.goto('/no-such-page');
  await expect(page.getByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible();
  await inspect(page, 'a page that is not there');
  await page.goto('/');
  await signInLink(page).click();
  await expect(page.getByRole('button', { name: 'Approve' })).toBeVisible();
  await inspect(page, 'the stand-in of itsme');
});

test('the pages of a citizen are accessible (needs JavaScript)', async ({ page }) => {
  await signIn(page, citizens.zoe);
  await inspect(page, '/my-data');
  for (const path of ['/profile', '/']) {
    await page.goto(path);
    await inspect(page, path);
  }
});

test('signing out of a provider and failing at one are accessible (needs JavaScript)', async ({ page, tidy }) => {
  await signIn(page, citizens.an, { provider: 'Login.gov' });
  await signOut(page);
  await inspect(page, 'what is offered after the sign-out');
  await page.getByRole('link', { name: 'Also sign out of Login.gov' }).click();
  await inspect(page, 'the question of Login.gov');
  await page.getByRole('button', { name: 'Yes, sign out of Login.gov' }).click();
  tidy.expectFailure('/auth/callback', 502);
  await signInLink(page, 'Auth0').click();
  await inspect(page, 'the stand-in of Auth0');
  await answerProvider(page, citizens.noor);
  await expect(page.getByRole('link', { name: 'Use another sign-in option' })).toBeVisible();
  await inspect(page, 'a sign-in that failed');
});

test('a conflict is accessible, with words longer than a line (needs JavaScript)', async ({ page, tidy }) => {
  await signIn(page);
  tidy.expectFailure('/api/save_message', 409);
  await makeConflict(page, { stored: 'stored'.repeat(40), typed: 'typed'.repeat(40) });
  await inspect(page, 'a conflict');
});
