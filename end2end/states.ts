// Every state of every page, one after the other, as a citizen or a case worker meets them.

import type { Page } from '@playwright/test';
import { documentAddress, download, folderAddress, link, people, signInAsCaseWorker } from './case-workers.ts';
import { endAllSessions } from './dynamodb.ts';
import type { AppServer } from './server.ts';
import { expect } from './fixtures.ts';
import { answerProvider, citizens, expectSaved, makeConflict, pressSave, save, signIn, signInLink, signOut, write } from './steps.ts';
import { inAny } from './words.ts';
import type { Tidy } from './tidy.ts';

interface Walk {
  page: Page;
  app: AppServer;
  tidy: Tidy;
  /** Called in each state with its name. */
  see: (state: string) => Promise<void>;
}

/** Walks through all states of the pages before sign-in. */
export async function walkAsVisitor({ page, tidy, see }: Omit<Walk, 'app'>): Promise<void> {
  for (const [state, path] of Object.entries({
    home: '/',
    cancelled: '/?signin=cancelled',
    'sign-in needed': '/?return_to=%2Fmy-data',
    accessibility: '/accessibility',
    cookies: '/cookies',
    problems: '/problems',
  })) {
    await page.goto(path);
    await see(state);
  }
  tidy.expectFailure('/no-such-page', 404);
  await page.goto('/no-such-page');
  await see('not found');
  tidy.expectFailure('/auth/callback', 502);
  await page.goto('/');
  await signInLink(page).click();
  await answerProvider(page, citizens.an, 'Let it time out');
  await see('failed sign-in');
}

/** Walks through all states of the pages for a citizen. */
export async function walkAsCitizen({ page, app, tidy, see }: Walk): Promise<void> {
  await signIn(page, citizens.an, { provider: 'Login.gov' });
  await see('nothing saved');
  for (const [state, id] of Object.entries({ 'end of session': 'session-end', 'session over': 'session-over' })) {
    await page.evaluate((dialog) => (document.getElementById(dialog) as HTMLDialogElement).showModal(), id);
    await see(state);
    await page.reload();
  }
  await save(page, 'Renew my passport before the summer.\nThe appointment is at the town hall, counter 4.');
  await see('saved');
  for (const [state, path] of Object.entries({ welcome: '/', profile: '/profile' })) {
    await page.goto(path);
    await see(state);
  }
  const elsewhere = await page.context().browser()!.newContext();
  const phone = await elsewhere.newPage();
  await signIn(phone, citizens.an, { from: new URL('/', app.url).href, provider: 'Login.gov' });
  await elsewhere.close();
  await page.goto('/activity');
  await see('activity');
  await page.getByRole('link', { name: inAny('activity-not-me', {}, false) }).first().click();
  await see('not me');
  await page.goto('/activity');
  await page.getByRole('button', { name: inAny('activity-end-session', {}, false) }).click();
  await see('session ended elsewhere');
  await page.goto('/my-data');
  tidy.expectFailure('/api/save_message', 422);
  await write(page, 'x'.repeat(2_001));
  await pressSave(page);
  await see('too long');
  tidy.expectFailure('/api/save_message', 409);
  await makeConflict(page, { stored: 'stored'.repeat(40), typed: 'typed'.repeat(40) });
  await see('conflict');
  await page.goto('/my-data');
  await write(page, 'Typed over an hour');
  await endAllSessions(app);
  tidy.expectFailure('/api/save_message', 401);
  await pressSave(page);
  await see('session ended');
  await signIn(page, citizens.an, { from: '/?return_to=%2Fmy-data', provider: 'Login.gov' });
  await see('kept text');
  const other = await page.context().newPage();
  await other.goto('/');
  await signOut(other);
  await signIn(other, citizens.bram);
  await other.close();
  tidy.expectFailure('/api/save_message', 409);
  await pressSave(page);
  await see('someone else');
  await page.goto('/');
  await signOut(page);
  await signIn(page, citizens.an, { from: '/?return_to=%2Fmy-data', provider: 'Login.gov' });
  await pressSave(page);
  await expectSaved(page);
  await signOut(page);
  await see('signed out');
  await signIn(page, citizens.an, { from: '/?return_to=%2Fmy-data%2Fdelete', landing: '/my-data/delete', provider: 'Login.gov' });
  await see('delete');
  await page.getByRole('button', { name: inAny('delete-yes') }).click();
  await page.waitForURL('**/deleted?**');
  await see('deleted');
}

/** Walks through all states of the pages with documents. */
export async function walkThroughDocuments({ page, see }: Omit<Walk, 'app' | 'tidy'>): Promise<void> {
  await signInAsCaseWorker(page, people.lena);
  await see('documents');
  const archive = 'family-benefits/archive/2025/';
  for (const [state, address] of Object.entries({
    folder: folderAddress('family-benefits/2026/0417/'),
    'folder by size': folderAddress('family-benefits/2026/0417/', { sort: 'size', order: 'desc' }),
    'folder of many scripts': folderAddress('family-benefits/2026/correspondence/'),
    'empty folder': folderAddress('family-benefits/2027/'),
    search: folderAddress(archive, { starts: 'case-000' }),
    'search without result': folderAddress(archive, { starts: 'letter' }),
  })) {
    await page.goto(address);
    await see(state);
  }
  await page.goto(folderAddress(archive));
  await link(page, inAny('documents-next')).click();
  await link(page, inAny('documents-next')).click();
  await expect(page.getByRole('rowheader')).toHaveCount(50);
  await see('last page of a folder');
  await signInAsOther(page, people.tom);
  await see('documents to change');
  await page.goto(folderAddress('pensions/templates/'));
  await see('folder to change');
  await signInAsOther(page, people.ruben);
  await see('no documents');
}

/** Walks through the pages that citizens have too, as a case worker sees them. */
export async function walkAsCaseWorker({ page, see }: Omit<Walk, 'app' | 'tidy'>): Promise<void> {
  await signInAsCaseWorker(page, people.lena);
  await download(page, link(page, 'joint case 0815.txt'));
  for (const [state, path] of Object.entries({ home: '/', activity: '/activity', profile: '/profile' })) {
    await page.goto(path);
    await see(`${state} of a case worker`);
  }
  await page.goto('/activity');
  await page.getByRole('link', { name: inAny('activity-not-me', {}, false) }).first().click();
  await see('not me of a case worker');
  await signOut(page);
  await see('case worker signed out');
}

/** Walks through the failures that only case workers meet. */
export async function walkAsUnluckyCaseWorker({ page, app, tidy, see }: Walk): Promise<void> {
  const fails = (address: string, status: number) => tidy.expectFailure(address.replace(/\?.*/, ''), status);
  fails('/documents', 403);
  await signInAsOther(page, people.sofie);
  await see('not assigned');
  for (const [state, fault, status] of [
    ['documents unavailable', 'access-grants-fail', 503],
    ['documents not set up', 'trust-without-set-context', 502],
  ] as const) {
    await app.setAwsFault(fault);
    fails('/documents', status);
    await signInAsOther(page, people.lena);
    await see(state);
  }
  await app.setAwsFault(undefined);
  await app.setFault('refresh-token-revoked');
  fails('/documents', 401);
  await signInAsOther(page, people.lena);
  await see('sign-in ended');
  await app.setFault(undefined);
  await signInAsOther(page, people.lena);
  for (const [state, address, status] of [
    ['not granted', folderAddress('pensions/'), 403],
    ['document not found', documentAddress('family-benefits/gone.txt'), 404],
  ] as const) {
    fails(address, status);
    await page.goto(address);
    await see(state);
  }
}

/** Signs in with a browser that has been cleaned. */
async function signInAsOther(page: Page, person: string): Promise<void> {
  await page.context().clearCookies();
  await signInAsCaseWorker(page, person);
}
