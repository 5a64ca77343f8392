import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { Source } from '../html.ts';
import { walkAsCaseWorker, walkAsCitizen, walkAsUnluckyCaseWorker, walkAsVisitor, walkThroughDocuments } from '../states.ts';
import { answerProvider, citizens, messageBox, signIn, signInLink, signOut } from '../steps.ts';
import { type Language, languages, say } from '../words.ts';

// axe is a script, so these tests need JavaScript. The HTML is the same without it.

/** WCAG 2.2 A and AA, and what axe calls best practice. Without tags, axe leaves out the size of targets. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Waits until the page's script runs: it replaces the limit of a message by a count. */
async function untilEnhanced(page: Page, language: Language): Promise<void> {
  const counter = page.locator('[data-count-of]');
  const limit = say(language, 'my-data-limit', { limit: (2_000).toLocaleString(language) });
  if (await counter.count()) await expect(counter).not.toHaveText(limit);
}

/** What a screen reader hears, without what differs each time (ports, moments, references) and without long repetitions. */
async function heard(page: Page): Promise<string> {
  const tree = await page.locator('body').ariaSnapshot();
  return tree
    .replace(/receipt=[\w-]+/g, 'receipt=SEALED')
    .replace(/page=[\w%+/-]+/g, 'page=TOKEN')
    .replace(/127\.0\.0\.1(:|%3A)\d+/g, 'local')
    .replace(/\d+(er|\.)?\s\p{L}+ 20\d\d/gu, 'DATE')
    .replace(/\d\d:\d\d/g, 'TIME')
    // Before references, because the groups of a UUID can look like one.
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UUID')
    .replace(/\b[0-9A-F]{4}-?[0-9A-F]{4}\b/g, 'REFERENCE')
    .replace(/(\w{1,6}?)\1{9,}/g, '$1…');
}

/** States of one page, which keeps its title. */
const SAME_PAGE = [
  ['home', 'cancelled', 'sign-in needed', 'welcome', 'signed out'],
  ['nothing saved', 'end of session', 'session over'],
  ['home of a case worker', 'case worker signed out'],
  ['documents', 'documents to change', 'no documents'],
  ['folder', 'folder by size'],
  ['search', 'search without result', 'last page of a folder'],
];

/** Expects no violation of any impact, in light and in dark mode, and no sideways scrolling at the width of WCAG 2.2, 1.4.10. */
async function expectAccessible(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
    const descriptions = violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`);
    expect.soft(descriptions, `axe on ${name}, ${colorScheme}`).toEqual([]);
  }
  const size = page.viewportSize();
  for (const [textSize, width] of [['100%', 320], ['200%', 640], ['400%', 1280]] as const) {
    await page.setViewportSize({ width, height: 640 });
    const scrolled = await page.evaluate((fontSize) => {
      document.documentElement.style.fontSize = fontSize;
      const { scrollWidth, clientWidth } = document.documentElement;
      document.documentElement.style.fontSize = '';
      return scrollWidth - clientWidth;
    }, textSize);
    expect.soft(scrolled, `sideways scrolling of ${name} at ${width} pixels and ${textSize} text`).toBeLessThanOrEqual(0);
  }
  if (size) await page.setViewportSize(size);
}

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ locale: language });
    // Many states, each looked at in light, in dark and at three sizes of text.
    test.setTimeout(200_000);

    const checkEachState = (page: Page) => {
      const source = new Source(page);
      const titles = new Map<string, string>();
      return async (state: string) => {
        await test.step(state, async () => {
          await expect.soft(page.locator('html')).toHaveAttribute('lang', language);
          await untilEnhanced(page, language);
          expect.soft(await heard(page)).toMatchSnapshot(`${state}.${language}.yml`);
          expect.soft(await source.faults(`${language} ${state}`), `HTML of ${state}`).toEqual([]);
          titles.set(state, await page.title());
          const isSame = (other: string) => other === state || SAME_PAGE.some((page) => page.includes(other) && page.includes(state));
          const others = [...titles].filter(([other]) => !isSame(other));
          expect.soft(others.filter(([, title]) => title === titles.get(state)), `pages with the title of ${state}`).toEqual([]);
          await expectAccessible(page, state);
        });
      };
    };

    test('the pages before sign-in are accessible and valid (needs JavaScript)', async ({ page, tidy }) => {
      await walkAsVisitor({ page, tidy, see: checkEachState(page) });
    });

    test('the pages after sign-in are accessible and valid (needs JavaScript)', async ({ page, app, tidy }) => {
      await walkAsCitizen({ page, app, tidy, see: checkEachState(page) });
    });

    test('the pages with documents are accessible and valid (needs JavaScript)', async ({ page }) => {
      await walkThroughDocuments({ page, see: checkEachState(page) });
    });

    test('the other pages of case workers are accessible and valid (needs JavaScript)', async ({ page }) => {
      await walkAsCaseWorker({ page, see: checkEachState(page) });
    });

    test('the failures that case workers meet are accessible and valid (needs JavaScript)', async ({ page, app, tidy }) => {
      await walkAsUnluckyCaseWorker({ page, app, tidy, see: checkEachState(page) });
    });
  });
}

test('the current page is told without colours', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await signIn(page);
  const bar = (name: string) =>
    page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true })
      .evaluate((link) => getComputedStyle(link).borderBlockEndWidth);
  expect(await bar('Your message')).toBe('4px');
  expect(await bar('Profile')).toBe('0px');
});

test('a printed page has no navigation and no buttons', async ({ page }) => {
  await signIn(page);
  await page.emulateMedia({ media: 'print' });
  await expect(messageBox(page)).toBeVisible();
  for (const screenOnly of [page.getByRole('navigation'), page.getByRole('button')]) {
    for (const each of await screenOnly.all()) await expect(each).toBeHidden();
  }
});

test('the pages of the stand-ins are accessible (needs JavaScript)', async ({ page, tidy }) => {
  await page.goto('/');
  await signInLink(page).click();
  await expect(page.getByRole('button', { name: 'Approve' })).toBeVisible();
  await expectAccessible(page, 'the itsme stand-in');
  await signIn(page, citizens.an, { provider: 'Login.gov' });
  await signOut(page);
  await page.getByRole('link', { name: 'Also sign out of Login.gov' }).click();
  await expectAccessible(page, 'the sign-out page of the Login.gov stand-in');
  await page.getByRole('button', { name: 'Yes, sign out of Login.gov' }).click();
  tidy.expectFailure('/auth/callback', 502);
  await signInLink(page, 'Auth0').click();
  await expectAccessible(page, 'the Auth0 stand-in');
  await answerProvider(page, citizens.noor);
  await expect(page.getByRole('link', { name: 'Use another sign-in option' })).toBeVisible();
});
