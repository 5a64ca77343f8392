import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { ROOT } from '../server.ts';
import { answerProvider, citizens, makeConflict, providers, save, signIn, signInLink, signOut } from '../steps.ts';

async function takeScreenshot(page: Page, name: string): Promise<void> {
  const path = join(ROOT, 'target', 'screenshots', `${name}-${test.info().project.name}.png`);
  await page.screenshot({ path, fullPage: true });
}

test('pages before sign-in', async ({ page, tidy }) => {
  await page.goto('/');
  await takeScreenshot(page, 'home');
  await signInLink(page).click();
  await expect(page.getByRole('button', { name: 'Approve' })).toBeVisible();
  await takeScreenshot(page, 'itsme');
  tidy.expectFailure('/no-such-page', 404);
  await page.goto('/no-such-page');
  await takeScreenshot(page, 'not-found');
});

test('pages of each provider', async ({ page, tidy }) => {
  for (const provider of providers) {
    const name = provider.toLowerCase().replace(/\W/g, '-');
    await signIn(page, citizens.an, { provider });
    await page.goto('/profile');
    await takeScreenshot(page, `profile-${name}`);
    await signOut(page);
    await takeScreenshot(page, `signed-out-${name}`);
  }
  tidy.expectFailure('/auth/callback', 502);
  await page.goto('/');
  await signInLink(page, 'Login.gov').click();
  await takeScreenshot(page, 'login-gov');
  await answerProvider(page, citizens.an, 'Let it time out');
  await page.getByText('took too long').waitFor();
  await takeScreenshot(page, 'time-out');
  await page.goto('/?signin=cancelled');
  await takeScreenshot(page, 'cancelled');
});

test('pages after sign-in', async ({ page, tidy }) => {
  await signIn(page);
  await save(page, 'Renew my passport before the summer.\nThe appointment is at the town hall, counter 4.');
  await page.goto('/my-data');
  await expect(page.getByText('of 2,000 characters')).toBeVisible();
  await takeScreenshot(page, 'my-data');
  if (test.info().project.name === '1280') {
    await page.screenshot({ path: join(ROOT, 'docs', 'images', 'my-data.png') });
  }
  await page.goto('/profile');
  await takeScreenshot(page, 'profile');
  tidy.expectFailure('/api/save_message', 409);
  await makeConflict(page, { stored: 'Call the school on Monday.', typed: 'Call the school on Tuesday.' });
  await takeScreenshot(page, 'conflict');
});
