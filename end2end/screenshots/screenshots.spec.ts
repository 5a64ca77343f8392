import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { ROOT } from '../server.ts';
import { walkAsCaseWorker, walkAsCitizen, walkAsUnluckyCaseWorker, walkAsVisitor, walkThroughDocuments } from '../states.ts';
import { answerProvider, citizens, providers, save, signIn, signInLink, signOut } from '../steps.ts';
import { languages } from '../words.ts';

test.setTimeout(300_000);

async function takeScreenshot(page: Page, name: string): Promise<void> {
  const path = join(ROOT, 'target', 'screenshots', `${name.replace(/\W+/g, '-')}-${test.info().project.name}.png`);
  await page.screenshot({ path, fullPage: true });
}

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ locale: language });

    test('every state of every page', async ({ page, app, tidy }) => {
      const see = (state: string) => takeScreenshot(page, `${language} ${state}`);
      await walkAsVisitor({ page, tidy, see });
      await walkAsCitizen({ page, app, tidy, see });
    });

    test('every state of the pages for case workers', async ({ page, app, tidy }) => {
      const see = (state: string) => takeScreenshot(page, `${language} ${state}`);
      await walkThroughDocuments({ page, see });
      await page.context().clearCookies();
      await walkAsCaseWorker({ page, see });
      await walkAsUnluckyCaseWorker({ page, app, tidy, see });
    });
  });
}

test('the pages of each provider', async ({ page, tidy }) => {
  for (const provider of providers) {
    await signIn(page, citizens.an, { provider });
    await page.goto('/profile');
    await takeScreenshot(page, `profile ${provider}`);
    await signOut(page);
    await takeScreenshot(page, `signed out ${provider}`);
  }
  for (const provider of providers) {
    await page.goto('/');
    await signInLink(page, provider).click();
    await expect(page.getByRole('button', { name: 'Approve' })).toBeVisible();
    await takeScreenshot(page, `at ${provider}`);
  }
  tidy.expectFailure('/auth/callback', 502);
  await answerProvider(page, citizens.an, 'Let it time out');
  await takeScreenshot(page, 'time-out');
});

test('the picture of the README', async ({ page }) => {
  test.skip(test.info().project.name !== '1280');
  await signIn(page);
  await save(page, 'Renew my passport before the summer.\nThe appointment is at the town hall, counter 4.');
  await page.goto('/my-data');
  await expect(page.getByText('of 2,000 characters')).toBeVisible();
  await page.screenshot({ path: join(ROOT, 'docs', 'images', 'my-data.png') });
});
