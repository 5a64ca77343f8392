import { BUCKET, answerDirectory, documentAddress, download, folderAddress, grants, leaveDirectory, link, names, path, people, search, searchBox, signInAsCaseWorker, workforceLink } from '../case-workers.ts';
import { expect, test } from '../fixtures.ts';
import { citizens, expectPath, signIn, signOut, signOutButton } from '../steps.ts';
import { inAny, say } from '../words.ts';

const family = 'family-benefits/';
const letters = `${family}2026/correspondence/`;
const archive = `${family}archive/2025/`;

test('each case worker sees the folders and documents that they have been given access to', async ({ page, anotherVisitor }) => {
  await signInAsCaseWorker(page, people.lena);
  await expect(page.getByRole('banner')).toContainText('Signed in as Lena Dubois');
  await expect(grants(page).getByRole('link')).toHaveText(['family-benefits', 'joint case 0815.txt', 'shared']);
  await expect(grants(page).first()).toContainText(`Folder · ${BUCKET}/family-benefits/`);
  await expect(grants(page).nth(1)).toContainText(`Document · ${BUCKET}/pensions/2026/joint case 0815.txt`);
  await expect(grants(page).filter({ hasText: 'You can also change it' })).toHaveCount(0);

  const colleague = await anotherVisitor();
  await signInAsCaseWorker(colleague, people.tom);
  await expect(grants(colleague).getByRole('link')).toHaveText(['pensions', 'shared']);
  await expect(grants(colleague).filter({ hasText: 'You can also change it' })).toHaveText(/^pensions/);
});

test('a case worker opens folders, and follows the path back up', async ({ page }) => {
  await signInAsCaseWorker(page, people.lena);
  await link(page, 'family-benefits').click();
  await expect(page.getByRole('heading', { level: 1, name: 'family-benefits' })).toBeVisible();
  expect(await names(page)).toEqual(['2026', 'archive', 'READ ME FIRST.txt']);
  await link(page, '2026').click();
  await link(page, '0417').click();
  await expect(page.getByRole('heading', { level: 1, name: '0417' })).toBeVisible();
  expect(await names(page)).toEqual(['notes', 'decision-2026-0417.pdf', 'payments.csv']);
  await expect(path(page)).toHaveText(['Your documents', 'family-benefits', '2026', '0417']);
  await expect(path(page).last()).toHaveAttribute('aria-current', 'page');
  await link(page, 'family-benefits').click();
  await expectPath(page, `/documents/folder?bucket=${BUCKET}&prefix=${family}`);
  await link(page, 'Your documents').click();
  await expectPath(page, '/documents');
});

test('a folder is sorted by its columns, and the order stays in the next folder', async ({ page }) => {
  await signInAsCaseWorker(page, people.lena);
  await page.goto(folderAddress(`${family}2026/0417/`));
  const column = (name: string) => page.getByRole('columnheader', { name: new RegExp(`^${name}`) });
  await expect(column('Name')).toHaveAttribute('aria-sort', 'ascending');
  await column('Size').getByRole('link').click();
  await expect(column('Size')).toHaveAttribute('aria-sort', 'descending');
  await expect(column('Name')).not.toHaveAttribute('aria-sort');
  // Folders, which have no size, come first.
  expect(await names(page)).toEqual(['notes', 'decision-2026-0417.pdf', 'payments.csv']);
  await column('Size').getByRole('link').click();
  await expect(column('Size')).toHaveAttribute('aria-sort', 'ascending');
  expect(await names(page)).toEqual(['notes', 'payments.csv', 'decision-2026-0417.pdf']);
  await column('Changed').getByRole('link').click();
  expect(await names(page)).toEqual(['notes', 'payments.csv', 'decision-2026-0417.pdf']);
  await link(page, '2026').click();
  await link(page, '0418').click();
  await expect(column('Changed')).toHaveAttribute('aria-sort', 'descending');
  expect(await names(page)).toEqual(['empty.txt', 'application.txt']);
});

test('a case worker searches a folder by the beginning of a name', async ({ page }) => {
  await signInAsCaseWorker(page, people.lena);
  await page.goto(folderAddress(archive));
  await search(page, 'case-041');
  expect(await names(page)).toHaveLength(10);
  await expect(page.getByText('Begins with ‘\u2068case-041\u2069’: 10 documents')).toBeVisible();
  await expect(searchBox(page)).toHaveValue('case-041');
  await search(page, 'Case-041');
  await expect(page.getByText('No name in this folder begins with ‘\u2068Case-041\u2069’.')).toBeVisible();
  await link(page, 'Show everything').click();
  await expectPath(page, `/documents/folder?bucket=${BUCKET}&prefix=${archive}`);
  await expect(searchBox(page)).toHaveValue('');
});

test('a folder of 450 documents has three pages', async ({ page }) => {
  await signInAsCaseWorker(page, people.lena);
  await page.goto(folderAddress(archive));
  const seen: string[] = [];
  for (const count of [200, 200, 50]) {
    await expect(page.getByRole('rowheader')).toHaveCount(count);
    await expect(page.getByText(`On this page: ${count} documents`)).toBeVisible();
    await expect(page.getByText('Sorting applies to this page only.')).toBeVisible();
    seen.push(...(await names(page)));
    if (count === 200) await link(page, 'Next page').click();
  }
  const all = Array.from({ length: 450 }, (_, index) => `case-${String(index + 1).padStart(4, '0')}.txt`);
  expect(seen).toEqual(all);
  await expect(link(page, 'Next page')).toHaveCount(0);
  await link(page, 'First page').click();
  await expect(page.getByRole('rowheader').first()).toContainText('case-0001.txt');
});

test('a document is saved under its name, with its bytes', async ({ page }) => {
  await signInAsCaseWorker(page, people.lena);
  await page.goto(folderAddress(letters));
  for (const name of await names(page)) {
    const saved = await download(page, link(page, name));
    expect(saved.bytes.toString('utf8')).toBe(`The name of this document is:\n${name}\n`);
    // No file system of Windows has these characters, so the browser replaces them.
    expect(saved.name).toBe(name.replace(/["?]/g, '_'));
  }
  await page.goto('/documents');
  const joint = await download(page, link(page, 'joint case 0815.txt'));
  expect(joint).toEqual({ name: 'joint case 0815.txt', bytes: Buffer.from("A survivor's pension and family benefits of one household.\n") });
  await expectPath(page, '/documents');
});

test('a document that is a page or a picture with a script is saved and never shown', async ({ page }) => {
  await signInAsCaseWorker(page, people.lena);
  await page.goto(folderAddress(`${family}2026/attachments/`));
  for (const name of ['notice.html', 'plan.svg']) {
    const { bytes } = await download(page, link(page, name));
    expect(bytes.toString('utf8')).toContain('a script of a document ran');
    await expect(page).toHaveTitle('attachments – My Data');
  }
});

test('a case worker without access learns why, and whom to ask', async ({ page }) => {
  await signInAsCaseWorker(page, people.ruben);
  await expect(page.getByRole('heading', { level: 2, name: 'There is nothing here for you yet' })).toBeVisible();
  const main = page.getByRole('main');
  await expect(main.getByRole('listitem')).toHaveText(['documents-none-no-access', 'documents-none-other', 'documents-none-group'].map((key) => say('en', key)));
  await expect(main).toContainText('Ask the person at your organisation who manages access.');
  await expect(main.getByRole('link', { name: 'Federal Public Service Example' })).toBeVisible();
});

test('a person to whom the application is not assigned is told so, and can still sign out', async ({ page, tidy }) => {
  tidy.expectFailure('/documents', 403);
  await signInAsCaseWorker(page, people.sofie);
  await expect(page.getByRole('heading', { level: 1, name: 'You cannot use documents here yet' })).toBeVisible();
  await expect(page.getByText(/^Reference: \S+$/)).toBeVisible();
  tidy.expectFailure('/documents', 403);
  await page.getByRole('link', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'You cannot use documents here yet' })).toBeVisible();
  await page.getByRole('link', { name: 'Profile', exact: true }).click();
  await expect(page.getByRole('main')).toContainText('sofie.maes@fps.example');
  await signOut(page);
});

for (const [who, citizen] of [['a citizen', citizens.an], ['a citizen with the email address of a case worker', citizens.eva]] as const) {
  test(`${who} finds no way to documents`, async ({ page, tidy }) => {
    await signIn(page, citizen, { provider: 'Auth0' });
    for (const path of ['/', '/my-data', '/activity', '/profile']) {
      await page.goto(path);
      await expect(page.locator('a[href^="/documents"]')).toHaveCount(0);
    }
    for (const path of ['/documents', folderAddress(family), documentAddress(`${family}READ ME FIRST.txt`)]) {
      tidy.expectFailure(path.replace(/\?.*/, ''), 404);
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible();
    }
  });
}

test('a case worker finds no message of a citizen', async ({ page, tidy }) => {
  await signInAsCaseWorker(page, people.lena);
  for (const path of ['/', '/documents', '/activity', '/profile']) {
    await page.goto(path);
    await expect(page.locator('a[href^="/my-data"]')).toHaveCount(0);
  }
  for (const path of ['/my-data', '/my-data/delete']) {
    tidy.expectFailure(path, 404);
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible();
  }
});

test('the address of a folder opens after the sign-in', async ({ page }) => {
  const landing = `/documents/folder?bucket=${BUCKET}&prefix=${family}2026/0417/&sort=size`;
  await page.goto(landing);
  await expect(page.getByRole('heading', { name: 'Sign in to open that page' })).toBeVisible();
  await workforceLink(page).click();
  await answerDirectory(page, people.lena);
  await expectPath(page, landing);
  expect(await names(page)).toEqual(['notes', 'payments.csv', 'decision-2026-0417.pdf']);
});

test('the sessions of a case worker in two browsers are separate, and each ends by itself', async ({ page, anotherVisitor }) => {
  const laptop = await anotherVisitor();
  await signInAsCaseWorker(page, people.lena);
  await signInAsCaseWorker(laptop, people.lena);
  await download(laptop, link(laptop, 'joint case 0815.txt'));
  await page.goto('/activity');
  const done = page.getByRole('region', { name: 'What was done' }).locator('.log > li');
  await expect(done.locator('strong')).toHaveText(['Document downloaded', 'List of documents opened', 'Signed in', 'List of documents opened', 'Signed in']);
  await expect(done.first()).not.toContainText('This session');
  await expect(done.first()).not.toContainText('joint case');

  await page.goto('/documents');
  await signOut(page);
  await page.goto('/documents');
  await expectPath(page, '/?return_to=%2Fdocuments');
  await laptop.goto(folderAddress(family));
  expect(await names(laptop)).toEqual(['2026', 'archive', 'READ ME FIRST.txt']);
});

test('the next case worker at a browser signs in as themselves', async ({ page }) => {
  await signInAsCaseWorker(page, people.lena);
  await signOut(page);
  // The directory still knows the browser, so it does not ask.
  await workforceLink(page).click();
  await expectPath(page, '/documents');
  await expect(grants(page).getByRole('link')).toHaveText(['family-benefits', 'joint case 0815.txt', 'shared']);
  await signOut(page);
  await leaveDirectory(page);
  await signInAsCaseWorker(page, people.tom);
  await expect(page.getByRole('banner')).toContainText('Signed in as Tom Verlinden');
  await expect(grants(page).getByRole('link')).toHaveText(['pensions', 'shared']);
});

for (const { fault, status, heading, way } of [
  { fault: 'exchange-throttled', status: 503, heading: 'documents-unavailable', way: 'try-again' },
  { fault: 'access-grants-fail', status: 503, heading: 'documents-unavailable', way: 'try-again' },
  { fault: 'trust-without-set-context', status: 502, heading: 'documents-set-up', way: 'failure-to-home' },
]) {
  test(`${fault}: a case worker sees what happened, a reference and a way on`, async ({ page, app, tidy }) => {
    await app.setAwsFault(fault);
    tidy.expectFailure('/documents', status);
    await signInAsCaseWorker(page, people.lena);
    await expect(page.getByRole('heading', { level: 1, name: inAny(`failure-${heading}-heading`) })).toBeVisible();
    const reference = /Reference: ([0-9A-F-]{9})/.exec((await page.getByRole('main').textContent()) ?? '')?.[1];
    expect(app.log()).toContain(`"reference":"${reference}"`);
    await app.setAwsFault(undefined);
    await page.getByRole('link', { name: inAny(way) }).click();
    if (way === 'failure-to-home') await page.getByRole('link', { name: 'Open your documents' }).click();
    await expectPath(page, '/documents');
    await expect(grants(page)).toHaveCount(3);
  });
}

test('a download that fails shows a page, and the next one works', async ({ page, app, tidy }) => {
  await signInAsCaseWorker(page, people.lena);
  await app.setAwsFault('s3-fails');
  tidy.expectFailure('/documents/file', 503);
  await link(page, 'joint case 0815.txt').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Your documents are not available right now' })).toBeVisible();
  await app.setAwsFault(undefined);
  await page.getByRole('link', { name: 'Try again' }).click();
  await expectPath(page, '/documents');
  const { name } = await download(page, link(page, 'joint case 0815.txt'));
  expect(name).toBe('joint case 0815.txt');
});

test('a folder and a document without access, and a document that does not exist, say so', async ({ page, tidy }) => {
  await signInAsCaseWorker(page, people.lena);
  for (const { address, status, heading } of [
    { address: folderAddress('pensions/'), status: 403, heading: 'You do not have access to this' },
    { address: documentAddress('inspection/report.txt'), status: 403, heading: 'You do not have access to this' },
    { address: documentAddress(`${family}gone.txt`), status: 404, heading: 'Document not found' },
  ]) {
    tidy.expectFailure(address.replace(/\?.*/, ''), status);
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
    await page.getByRole('link', { name: 'Go to your documents' }).click();
    await expectPath(page, '/documents');
  }
});

test('a case worker whose sign-in was revoked signs in again', async ({ page, app, tidy }) => {
  await app.setFault('refresh-token-revoked');
  tidy.expectFailure('/documents', 401);
  await signInAsCaseWorker(page, people.lena);
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in again to open your documents' })).toBeVisible();
  await expect(signOutButton(page)).toBeVisible();
  await app.setFault(undefined);
  await page.getByRole('link', { name: 'Sign in again' }).click();
  await expectPath(page, '/documents');
  await expect(grants(page)).toHaveCount(3);
});
