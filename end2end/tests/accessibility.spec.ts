import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { answerProvider, citizens, makeConflict, signIn, signInLink, signOut } from '../steps.ts';

// axe is a script, so these tests need JavaScript. The HTML is the same without it.

/** Expects no axe violation of any impact, in light and in dark mode, and no sideways scrolling. */
async function expectAccessible(page: Page, name: string): Promise<void> {
  await test.step(name, async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      const descriptions = violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`);
      expect(descriptions, `axe on ${name}, ${colorScheme}`).toEqual([]);
    }
    const size = page.viewportSize();
    // The width from WCAG 2.2, success criterion 1.4.10 (Reflow).
    await page.setViewportSize({ width: 320, height: 640 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, `width of ${name}`).toBeLessThanOrEqual(320);
    if (size) await page.setViewportSize(size);
  });
}

test('the pages before sign-in are accessible (needs JavaScript)', async ({ page, tidy }) => {
  for (const path of ['/', '/?signin=cancelled', '/?return_to=%2Fmy-data']) {
    await page.goto(path);
    await expectAccessible(page, path);
  }
  tidy.expectFailure('/no-such-page', 404);
  await page.goto('/no-such-page');
  await expect(page.getByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible();
  await expectAccessible(page, 'page not found');
  await page.goto('/');
  await signInLink(page).click();
  await expect(page.getByRole('button', { name: 'Approve' })).toBeVisible();
  await expectAccessible(page, 'the itsme stand-in');
});

test('the pages after sign-in are accessible (needs JavaScript)', async ({ page }) => {
  await signIn(page, citizens.zoe);
  await expectAccessible(page, '/my-data');
  for (const path of ['/profile', '/']) {
    await page.goto(path);
    await expectAccessible(page, path);
  }
});

test('a provider sign-out and a failed sign-in are accessible (needs JavaScript)', async ({ page, tidy }) => {
  await signIn(page, citizens.an, { provider: 'Login.gov' });
  await signOut(page);
  await expectAccessible(page, 'the home page after signing out');
  await page.getByRole('link', { name: 'Also sign out of Login.gov' }).click();
  await expectAccessible(page, 'the sign-out page of the Login.gov stand-in');
  await page.getByRole('button', { name: 'Yes, sign out of Login.gov' }).click();
  tidy.expectFailure('/auth/callback', 502);
  await signInLink(page, 'Auth0').click();
  await expectAccessible(page, 'the Auth0 stand-in');
  await answerProvider(page, citizens.noor);
  await expect(page.getByRole('link', { name: 'Use another sign-in option' })).toBeVisible();
  await expectAccessible(page, 'a failed sign-in');
});

test('a conflict with words longer than a line is accessible (needs JavaScript)', async ({ page, tidy }) => {
  await signIn(page);
  tidy.expectFailure('/api/save_message', 409);
  await makeConflict(page, { stored: 'stored'.repeat(40), typed: 'typed'.repeat(40) });
  await expectAccessible(page, 'a conflict');
});
