// What case workers do on the pages: they sign in at the workforce directory and open documents.

import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { expect } from './fixtures.ts';
import { expectPath, signOutButton } from './steps.ts';
import { inAny } from './words.ts';

/**
 * The people of the directory. Lena and Tom belong to different teams, Ruben has been given access to nothing, and the application
 * that opens documents is not assigned to Sofie.
 */
export const people = { lena: 'Lena Dubois', tom: 'Tom Verlinden', ruben: 'Ruben Claes', sofie: 'Sofie Maes' };
/** Their sign-in option, which comes last on the home page. */
export const WORKFORCE = 'IAM Identity Center';
/** The bucket with their documents. */
export const BUCKET = 'fps-case-files';

export const workforceLink = (page: Page): Locator => page.getByRole('link', { name: inAny('sign-in-with', { provider: WORKFORCE }) });

/** Chooses a person on the page of the directory. */
export async function answerDirectory(page: Page, person: string): Promise<void> {
  await page.getByRole('radio', { name: person }).check();
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Signs in from the page `from` with a browser that the directory does not know, and expects to arrive at `landing`. */
export async function signInAsCaseWorker(page: Page, person: string, { from = '/', landing = '/documents' } = {}): Promise<void> {
  await page.goto(from);
  await workforceLink(page).click();
  await answerDirectory(page, person);
  await expectPath(page, landing);
  await expect(signOutButton(page)).toBeVisible();
}

/** After a sign-out, signs out of the directory too, which would sign the same person in again without asking. */
export async function leaveDirectory(page: Page): Promise<void> {
  await page.getByRole('link', { name: inAny('signed-out-also', { provider: WORKFORCE }) }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText('You are not signed in here.')).toBeVisible();
}

// --- Documents ---

/** The address of a folder. `more` are parameters such as `sort`. */
export const folderAddress = (prefix: string, more: Record<string, string> = {}): string =>
  `/documents/folder?${new URLSearchParams({ bucket: BUCKET, prefix, ...more })}`;
/** The address of a document. */
export const documentAddress = (key: string): string => `/documents/file?${new URLSearchParams({ bucket: BUCKET, key })}`;

/** What was granted: one item for each folder and document. */
export const grants = (page: Page): Locator => page.getByRole('main').locator('.grants > li');
/** A link to a folder or a document. */
export const link = (page: Page, name: string | RegExp): Locator => page.getByRole('main').getByRole('link', { name, exact: true });

/** The names in the folder, in the order of the page. */
export const names = (page: Page): Promise<string[]> => page.getByRole('rowheader').locator('bdi').allTextContents();

/** The names on the way to the folder. */
export const path = (page: Page): Locator => page.getByRole('navigation', { name: inAny('documents-path') }).getByRole('listitem');

export const searchBox = (page: Page): Locator => page.getByRole('searchbox');

/** Searches in the folder for names that begin with `start`. */
export async function search(page: Page, start: string): Promise<void> {
  await searchBox(page).fill(start);
  await page.getByRole('button', { name: inAny('documents-search-button') }).click();
  await expect(page).toHaveURL((url) => url.searchParams.get('starts') === start);
}

/** Downloads what `link` leads to. Returns the name that the browser saves it under, and its bytes. */
export async function download(page: Page, link: Locator): Promise<{ name: string; bytes: Buffer }> {
  const [started] = await Promise.all([page.waitForEvent('download'), link.click()]);
  return { name: started.suggestedFilename(), bytes: readFileSync(await started.path()) };
}
