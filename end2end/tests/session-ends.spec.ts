import { endAllSessions } from '../dynamodb.ts';
import { expect, NO_ANSWER, test } from '../fixtures.ts';
import { answerProvider, citizens, expectPath, expectSaved, expectStored, messageBox, pressSave, save, signIn, signInLink, signOut, status, write } from '../steps.ts';

const text = 'typed\nover an hour </textarea>';

test('a page that is opened after the session ends asks for a sign-in, then opens', async ({ page, app }) => {
  await signIn(page);
  await endAllSessions(app);
  await page.goto('/profile');
  await expectPath(page, '/?return_to=%2Fprofile');
  await expect(page.getByRole('heading', { name: 'Sign in to open that page' })).toBeVisible();
  // The user pool's own session is still open. It still asks.
  await signInLink(page).click();
  await answerProvider(page, citizens.an);
  await expectPath(page, '/profile');
});

test.describe('a text that is sent after the session has ended', () => {
  test.beforeEach(async ({ page, app, tidy }) => {
    await signIn(page);
    await write(page, text);
    await endAllSessions(app);
    tidy.expectFailure('/api/save_message', 401);
    await pressSave(page);
    await expect(page.getByRole('heading', { level: 1, name: 'Your session has ended' })).toBeVisible();
    const unsaved = page.getByRole('textbox', { name: 'Your unsaved text' });
    await expect(unsaved).toHaveValue(text);
    await expect(unsaved).not.toBeEditable();
    await expect(page.getByRole('banner')).not.toContainText('Signed in as');
  });

  test('is there again for the same person, and can be saved', async ({ page }) => {
    await page.getByRole('link', { name: 'Sign in again' }).click();
    await signInLink(page).click();
    await answerProvider(page, citizens.an);
    await expectPath(page, '/my-data');
    await expect(page.getByRole('heading', { name: 'You had not saved this text' })).toBeVisible();
    await expect(messageBox(page)).toHaveValue(text);
    await page.reload();
    await expect(messageBox(page)).toHaveValue(text);
    await pressSave(page);
    await expectSaved(page);
    await expectStored(page, text);
  });

  test('stands beside what was saved elsewhere in the meantime', async ({ page, anotherVisitor }) => {
    const phone = await anotherVisitor();
    await signIn(phone);
    await save(phone, 'from the phone');
    await signIn(page, citizens.an, { from: '/?return_to=%2Fmy-data' });
    await expect(page.getByRole('heading', { level: 1, name: 'Your saved message has changed' })).toBeVisible();
    await expect(page.getByText('from the phone', { exact: true })).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'What you typed' })).toHaveValue(text);
    await page.getByRole('button', { name: 'Leave your message as it is now' }).click();
    await expect(messageBox(page)).toHaveValue('from the phone');
    await expectStored(page, 'from the phone');
  });

  test('reaches nobody else who signs in with that browser', async ({ page }) => {
    await signIn(page, citizens.bram, { from: '/?return_to=%2Fmy-data' });
    await expect(messageBox(page)).toHaveValue('');
    await expect(page.locator('body')).not.toContainText('typed');
    await signOut(page);
    // It waits for its owner.
    await signIn(page);
    await expect(messageBox(page)).toHaveValue(text);
  });

  test('can be discarded', async ({ page }) => {
    await signIn(page, citizens.an, { from: '/?return_to=%2Fmy-data' });
    await page.getByRole('button', { name: 'Discard this text' }).click();
    await expect(messageBox(page)).toHaveValue('');
    await expectStored(page, '');
  });
});

test('a form of one person is never saved as the message of another', async ({ page, tidy }) => {
  await signIn(page);
  await write(page, text);
  const other = await page.context().newPage();
  await other.goto('/');
  await signOut(other);
  await signIn(other, citizens.bram);
  tidy.expectFailure('/api/save_message', 409);
  await page.bringToFront();
  await pressSave(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Someone else is signed in now' })).toBeVisible();
  await expectStored(other, '');
});

test('each page of a citizen says when the session will end, in the time of the service', async ({ page }) => {
  await signIn(page);
  for (const path of ['/my-data', '/profile', '/']) {
    await page.goto(path);
    await expect(page.getByText(/^You will be signed out at \d\d:\d\d \(Belgian time\) unless you open another page here\.$/)).toBeVisible();
  }
});

test.describe('two minutes before the end', () => {
  test.beforeEach(async ({ page }) => {
    await page.clock.install();
    await signIn(page);
    await write(page, text);
  });

  test('a warning appears, and the session can be extended (needs JavaScript)', async ({ page }) => {
    const warning = page.getByRole('dialog', { name: 'You’re about to be signed out' });
    await page.clock.fastForward('12:30');
    await expect(warning).toBeHidden();
    await page.clock.fastForward('00:45');
    await expect(warning).toBeVisible();
    await expect(warning.getByRole('heading')).toBeFocused();
    await expect(warning).toContainText('less than 2 minutes');
    await page.clock.fastForward('01:00');
    await expect(warning).toContainText('less than a minute');
    await warning.getByRole('button', { name: 'Stay signed in' }).click();
    await expect(warning).toBeHidden();
    await expect(messageBox(page)).toHaveValue(text);
    await page.clock.fastForward('12:30');
    await expect(warning).toBeHidden();
    await pressSave(page);
    await expectSaved(page);
  });

  test('Escape means to stay (needs JavaScript)', async ({ page }) => {
    await page.clock.fastForward('13:30');
    const warning = page.getByRole('dialog');
    await expect(warning).toBeVisible();
    const extended = page.waitForResponse((response) => new URL(response.url()).pathname === '/session');
    await page.keyboard.press('Escape');
    expect((await extended).status()).toBe(200);
    await expect(warning).toBeHidden();
  });

  test('a page without the warning can extend the session, and nothing says that it has ended (needs JavaScript)', async ({ page }) => {
    const asked = page.waitForResponse((response) => new URL(response.url()).pathname === '/session');
    // For the server, no time has passed. It is as if the citizen had just read another page in another tab.
    await page.clock.fastForward('16:00');
    expect((await asked).request().method()).toBe('GET');
    await page.clock.fastForward('12:30');
    await expect(page.getByRole('dialog')).toBeHidden();
    await page.clock.fastForward('00:45');
    await expect(page.getByRole('dialog', { name: 'You’re about to be signed out' })).toBeVisible();
  });

  test('without an answer from the server, the end is said when it is due (needs JavaScript)', async ({ page, app, tidy }) => {
    await app.kill();
    tidy.expectFailure('/session', NO_ANSWER);
    await page.clock.fastForward('16:00');
    await expect(page.getByRole('dialog', { name: 'Your session has ended' })).toBeVisible();
    await expect(messageBox(page)).toHaveValue(text);
  });

  test('after the end, a dialog says that the text is still there, and saving keeps it (needs JavaScript)', async ({ page, app, tidy }) => {
    await endAllSessions(app);
    tidy.expectFailure('/session', 401);
    await page.clock.fastForward('16:00');
    const ended = page.getByRole('dialog', { name: 'Your session has ended' });
    await expect(ended).toBeVisible();
    tidy.expectFailure('/api/save_message', 401);
    await ended.getByRole('button', { name: 'Save and sign in again' }).click();
    await expect(page.getByRole('textbox', { name: 'Your unsaved text' })).toHaveValue(text);
    await signIn(page, citizens.an, { from: '/?return_to=%2Fmy-data' });
    await expect(messageBox(page)).toHaveValue(text);
    await expect(status(page).filter({ hasText: 'Not saved yet' })).toBeVisible();
  });
});
