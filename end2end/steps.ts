// What citizens do on the pages. Elements are found by role and accessible name, as by a screen reader.

import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { inAny, type Language, say } from './words.ts';

/**
 * The stand-ins' citizens. Mia has no number, Noor has no email address, Zoë's name goes beyond ASCII, and Eva has the email
 * address of a case worker.
 */
export const citizens = { an: /^An /, bram: /^Bram /, mia: /^Mia /, zoe: /^Zo/, noor: /^Noor /, eva: /^Eva / };
/** The sign-in options, in the order of the home page. */
export const providers = ['itsme', 'Login.gov', 'Auth0', 'Beyond Identity'] as const;
export type ProviderName = (typeof providers)[number];
export type Answer = 'Approve' | 'Decline' | 'Let it time out' | 'Not verified';

export const hasJavaScript = (): boolean => test.info().project.use.javaScriptEnabled !== false;

/** The path and query of the page, `/my-data` for example. */
export const expectPath = (page: Page, path: string): Promise<void> =>
  expect(page).toHaveURL((url) => url.pathname + url.search === path);

// --- Signing in and out ---

export const signInLink = (page: Page, provider: ProviderName = 'itsme'): Locator => page.getByRole('link', { name: inAny('sign-in-with', { provider }) });
export const signOutButton = (page: Page): Locator => page.getByRole('button', { name: inAny('sign-out') });

/** Chooses a citizen on a provider's page and presses a button. */
export async function answerProvider(page: Page, citizen: RegExp, answer: Answer = 'Approve'): Promise<void> {
  await page.getByRole('radio', { name: citizen }).check();
  await page.getByRole('button', { name: answer }).click();
}

/** Signs in from the page `from` and expects to arrive at `landing`. */
export async function signIn(
  page: Page,
  citizen = citizens.an,
  { from = '/', landing = '/my-data', provider = 'itsme' as ProviderName } = {},
): Promise<void> {
  await page.goto(from);
  await signInLink(page, provider).click();
  await answerProvider(page, citizen);
  await expectPath(page, landing);
  await expect(signOutButton(page)).toBeVisible();
}

/** Follows a link that offers another attempt, directly or through the home page, and signs in. */
export async function tryAgain(page: Page, linkName: string): Promise<void> {
  await page.getByRole('link', { name: linkName }).click();
  const approve = page.getByRole('button', { name: 'Approve' });
  await expect(approve.or(signInLink(page))).toBeVisible();
  if (await signInLink(page).isVisible()) await signInLink(page).click();
  await answerProvider(page, citizens.an);
  await expectPath(page, '/my-data');
}

export async function signOut(page: Page): Promise<void> {
  await signOutButton(page).click();
  await expectPath(page, '/');
  await expect(signInLink(page)).toBeVisible();
}

// --- The message ---

export const messageBox = (page: Page): Locator => page.getByRole('textbox', { name: inAny('my-data-label') });
export const saveButton = (page: Page): Locator => page.getByRole('button', { name: inAny('my-data-save') });
export const status = (page: Page): Locator => page.getByRole('status');
export const alert = (page: Page): Locator => page.getByRole('alert');

/** The text under the message box. */
export function counter(count: number, language: Language = 'en'): string {
  const [shown, limit] = [count, 2_000].map((number) => number.toLocaleString(language)) as [string, string];
  return hasJavaScript() ? say(language, 'my-data-count', { count: shown, limit }) : say(language, 'my-data-limit', { limit });
}

/** Replaces the text in the box. With JavaScript it waits until the counter updates, which shows that the page's script is running. */
export async function write(page: Page, text: string): Promise<void> {
  const language = (await page.locator('html').getAttribute('lang')) as Language;
  await expect(async () => {
    await messageBox(page).fill(text);
    // A character is a Unicode scalar value, as on the server.
    await expect(page.getByText(counter([...text].length, language), { exact: true })).toBeVisible({ timeout: 3_000 });
  }).toPass();
}

/** Runs `submit`, which sends the form, and waits until the page shows the result. */
export async function whileSaving(page: Page, submit: () => Promise<void>): Promise<void> {
  if (!hasJavaScript()) {
    await Promise.all([page.waitForEvent('load'), submit()]);
    return;
  }
  const response = page.waitForResponse((each) => each.request().method() === 'POST' && new URL(each.url()).pathname === '/api/save_message');
  await Promise.all([response, submit()]);
  await expect(page.locator('form[aria-busy=true]')).toHaveCount(0);
}

/** Presses Save and waits for the result, which may be an error. */
export const pressSave = (page: Page): Promise<void> => whileSaving(page, () => saveButton(page).click());

export async function expectSaved(page: Page): Promise<void> {
  await expect(status(page).filter({ hasText: inAny('my-data-saved', {}, false) })).toBeVisible();
}

/** Writes and saves `text`, and expects success. */
export async function save(page: Page, text: string): Promise<void> {
  await write(page, text);
  await pressSave(page);
  await expectSaved(page);
}

/** Opens the page and expects `text` as the stored message. */
export async function expectStored(page: Page, text: string): Promise<void> {
  await page.goto('/my-data');
  await expect(messageBox(page)).toHaveValue(text);
}

/** Makes a conflict: another tab saves `stored`, then this tab tries to save `typed`. */
export async function makeConflict(page: Page, { stored, typed }: { stored: string; typed: string }): Promise<void> {
  const other = await page.context().newPage();
  await page.goto('/my-data');
  await other.goto('/my-data');
  await save(other, stored);
  await other.close();
  await write(page, typed);
  await pressSave(page);
  await expect(page.getByRole('heading', { level: 1, name: inAny('my-data-conflict-heading') })).toBeVisible();
}
