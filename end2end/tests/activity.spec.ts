import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { citizens, expectPath, messageBox, save, signIn, signOut, signOutButton } from '../steps.ts';
import { say } from '../words.ts';

const part = (page: Page, name: string): Locator => page.getByRole('region', { name });
/** The open sessions, this one first. */
const sessions = (page: Page): Locator => part(page, 'Where you are signed in').locator('.log > li');
/** What was done, newest first. */
const entries = (page: Page): Locator => part(page, 'What was done').locator('.log > li');
const headings = async (page: Page): Promise<string[]> => entries(page).locator('strong').allTextContents();

test('a citizen sees what was done with the data, newest first', async ({ page, anotherVisitor }) => {
  const laptop = await anotherVisitor();
  await signIn(page);
  await save(page, 'One');
  await save(page, 'Two');
  await signIn(laptop, citizens.an);
  await signOut(laptop);
  const other = await anotherVisitor();
  await signIn(other, citizens.bram);

  await page.getByRole('link', { name: 'Activity', exact: true }).click();
  await expectPath(page, '/activity');
  expect(await headings(page)).toEqual(['Signed out', 'Signed in', 'Message saved', 'Message saved', 'Signed in']);
  await expect(entries(page).nth(2)).toContainText('Version 2');
  // After the sign-in, and after each save.
  await expect(entries(page).nth(4)).toContainText('Your message was opened 3 times');
  await expect(entries(page).nth(4)).toContainText('This session');
  await expect(entries(page).nth(4)).toContainText('Chrome on Linux');
  await expect(entries(page).nth(1)).not.toContainText('This session');
  await expect(sessions(page)).toHaveCount(1);
  await expect(sessions(page)).toContainText('This device');

  await other.goto('/activity');
  expect(await headings(other)).toEqual(['Signed in']);
});

test('a citizen ends the session on another device', async ({ page, anotherVisitor }) => {
  const [phone, laptop] = [await anotherVisitor(), await anotherVisitor()];
  await signIn(page);
  await signIn(phone);
  await signIn(laptop);
  await page.goto('/activity');
  await expect(sessions(page)).toHaveCount(3);
  // The newest of the others is the laptop.
  await page.getByRole('button', { name: /^Sign out there/ }).first().click();
  await expect(page.getByRole('status')).toContainText('You are signed out there');
  await expect(sessions(page)).toHaveCount(2);
  await laptop.goto('/my-data');
  await expectPath(laptop, '/?return_to=%2Fmy-data');
  await phone.goto('/my-data');
  await expect(messageBox(phone)).toBeVisible();
  expect((await headings(page))[0]).toBe('Signed out from another device');
  await page.reload();
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await expect(page.getByRole('status')).toContainText('You are signed out everywhere else');
  await expect(sessions(page)).toHaveCount(1);
  await phone.goto('/my-data');
  await expectPath(phone, '/?return_to=%2Fmy-data');
  await page.goto('/my-data');
  await expect(signOutButton(page)).toBeVisible();
});

test('“this wasn’t me” leads to the end of the other sessions, to the provider and to the organisation', async ({ page, anotherVisitor }) => {
  const stranger = await anotherVisitor();
  await signIn(page);
  await signIn(stranger);
  await page.goto('/activity');
  const theirs = entries(page).first();
  const reference = /Reference: ([0-9A-F-]{9})/.exec((await theirs.textContent()) ?? '')?.[1];
  await theirs.getByRole('link', { name: 'This wasn’t me' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'If it wasn’t you' })).toBeVisible();
  const main = page.getByRole('main');
  await expect(main).toContainText(say('en', 'not-me-tell-reference', { reference: reference! }));
  await expect(main).toContainText('Contact itsme');
  await expect(main.getByRole('link', { name: 'Contact' })).toBeVisible();
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await expectPath(page, '/activity?done=1');
  await stranger.goto('/my-data');
  await expectPath(stranger, '/?return_to=%2Fmy-data');
});

test('a long activity has pages', async ({ page }) => {
  await signIn(page);
  for (let visit = 0; visit < 14; visit++) {
    await signOut(page);
    await signIn(page);
  }
  await page.goto('/activity');
  await expect(entries(page)).toHaveCount(25);
  await page.getByRole('link', { name: 'Older activity' }).click();
  await expect(entries(page)).toHaveCount(4);
  await expect(page.getByRole('main')).toContainText('There is nothing older.');
  await expect(part(page, 'Where you are signed in')).toHaveCount(0);
  await page.getByRole('link', { name: 'Back to the newest' }).click();
  await expect(entries(page)).toHaveCount(25);
});
