// What citizens do, in their words. Everything is found by role and accessible name, as a screen reader finds it.

import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

/** The stand-ins' citizens: An has everything, Bram is somebody else, Mia has no number, Zoë a name that needs care, Noor no email address. */
export const citizens = { an: /^An /, bram: /^Bram /, mia: /^Mia /, zoe: /^Zo/, noor: /^Noor / };
/** The ways to sign in, in their order on the home page. */
export const providers = ['itsme', 'Login.gov', 'Auth0', 'Beyond Identity'] as const;
export type ProviderName = (typeof providers)[number];
export type Answer = 'Approve' | 'Decline' | 'Let it time out' | 'Not verified';

export const hasJavaScript = (): boolean => test.info().project.use.javaScriptEnabled !== false;

/** The path and query of the page, `/my-data` for example. */
export const expectPath = (page: Page, path: string): Promise<void> =>
  expect(page).toHaveURL((url) => url.pathname + url.search === path);

// --- Signing in and out ---

export const signInLink = (page: Page, provider: ProviderName = 'itsme'): Locator => page.getByRole('link', { name: `Sign in with ${provider}` });
export const signOutButton = (page: Page): Locator => page.getByRole('button', { name: 'Sign out' });

/** On the page of a provider: says who one is, and presses a button. */
export async function answerProvider(page: Page, citizen: RegExp, answer: Answer = 'Approve'): Promise<void> {
  await page.getByRole('radio', { name: citizen }).check();
  await page.getByRole('button', { name: answer }).click();
}

/** From any page to a signed-in one, where the page shown is `landing`. */
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

/** From a page that offers to try again, directly or by way of the home page, until one is signed in. */
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

export const messageBox = (page: Page): Locator => page.getByRole('textbox', { name: 'Your message', exact: true });
export const saveButton = (page: Page): Locator => page.getByRole('button', { name: 'Save', exact: true });
export const status = (page: Page): Locator => page.getByRole('status');
export const alert = (page: Page): Locator => page.getByRole('alert');

/** The text under the message box. */
export function counter(count: number): string {
  return hasJavaScript() ? `${count.toLocaleString('en-US')} of 2,000 characters` : 'You can enter up to 2,000 characters.';
}

/** Types `text` in place of what is in the box. With JavaScript it waits until the page counts along, so that what follows meets a page that is alive. */
export async function write(page: Page, text: string): Promise<void> {
  await expect(async () => {
    await messageBox(page).fill(text);
    // A character is a Unicode scalar value, as it is for the server.
    await expect(page.getByText(counter([...text].length), { exact: true })).toBeVisible({ timeout: 3_000 });
  }).toPass();
}

/** Does what sends the form, and waits until the page is at rest with the answer. */
export async function whileSaving(page: Page, act: () => Promise<void>): Promise<void> {
  if (!hasJavaScript()) {
    await Promise.all([page.waitForEvent('load'), act()]);
    return;
  }
  const answer = page.waitForResponse((response) => response.request().method() === 'POST' && new URL(response.url()).pathname === '/api/save_message');
  await Promise.all([answer, act()]);
  await expect(page.locator('form[aria-busy=true]')).toHaveCount(0);
}

/** Presses Save, whatever comes of it. */
export const pressSave = (page: Page): Promise<void> => whileSaving(page, () => saveButton(page).click());

export async function expectSaved(page: Page): Promise<void> {
  await expect(status(page)).toContainText('Saved.');
  await expect(status(page)).toContainText('Last saved on');
}

/** Writes and saves, and sees that it worked. */
export async function save(page: Page, text: string): Promise<void> {
  await write(page, text);
  await pressSave(page);
  await expectSaved(page);
}

/** Opens the page and sees what is stored. */
export async function expectStored(page: Page, text: string): Promise<void> {
  await page.goto('/my-data');
  await expect(messageBox(page)).toHaveValue(text);
}

/** A tab that shows a conflict: `stored` was saved in another tab while `typed` was being written in this one. */
export async function makeConflict(page: Page, { stored, typed }: { stored: string; typed: string }): Promise<void> {
  const other = await page.context().newPage();
  await page.goto('/my-data');
  await other.goto('/my-data');
  await save(other, stored);
  await other.close();
  await write(page, typed);
  await pressSave(page);
  await expect(alert(page).getByRole('heading', { name: 'Your saved message has changed' })).toBeVisible();
}
