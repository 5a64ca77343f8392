import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Page } from '@playwright/test';
import { Cut } from '../cut.ts';
import { everyItem } from '../dynamodb.ts';
import { expect, test } from '../fixtures.ts';
import { AppServer } from '../server.ts';
import { answerProvider, citizens, expectPath, messageBox, save, signIn, signInLink } from '../steps.ts';

/** Markup, a leading line end, right-to-left and invisible characters, and what is outside the Basic Multilingual Plane. */
const HARD = '\n</textarea><script>alert(1)</script>&amp; "quotes"\u200b\u202e שלום مرحبا \u200d👩‍👩‍👧‍👦 🙂';

interface Export {
  message: { text: string; version: number } | null;
  details: { claims: Record<string, string> };
  sessions: { is_this: boolean }[];
  activity: { act: string }[];
}

/** Downloads everything and checks it against the published schema, by a validator that this project did not write. */
async function download(page: Page): Promise<Export> {
  await page.goto('/activity');
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download my data' }).click()]);
  expect(file.suggestedFilename()).toMatch(/^my-data-20\d\d-\d\d-\d\d\.json$/);
  const data = JSON.parse(readFileSync(await file.path(), 'utf8')) as Export & { $schema: string };
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats.default(ajv);
  const validate = ajv.compile((await (await fetch(data.$schema)).json()) as object);
  validate(data);
  expect(validate.errors ?? []).toEqual([]);
  return data;
}

const deletePage = async (page: Page): Promise<void> => {
  await page.goto('/activity');
  await page.getByRole('link', { name: 'Delete my data' }).click();
  await expectPath(page, '/my-data/delete');
};
const confirm = (page: Page): Promise<void> => page.getByRole('button', { name: 'Yes, delete my data' }).click();

test('a citizen downloads everything that is held, as the schema says', async ({ page, anotherVisitor }) => {
  const laptop = await anotherVisitor();
  await signIn(laptop);
  await signIn(page);
  const empty = await download(page);
  expect(empty.message).toBeNull();
  await page.goto('/my-data');
  await save(page, HARD);
  const { message, details, sessions, activity } = await download(page);
  expect(message).toMatchObject({ text: HARD, version: 1 });
  expect(details.claims).toMatchObject({ name: 'An Peeters' });
  expect(sessions.map((session) => session.is_this).sort()).toEqual([false, true]);
  expect(activity.map((entry) => entry.act)).toEqual(['data_exported', 'message_saved', 'data_exported', 'signed_in', 'signed_in']);
});

test('a citizen deletes everything, and gets a receipt that needs no sign-in', async ({ page, app, anotherVisitor }) => {
  const [laptop, bram] = [await anotherVisitor(), await anotherVisitor()];
  await signIn(bram, citizens.bram);
  await save(bram, 'This is Bram');
  const before = await everyItem(app);
  await signIn(laptop);
  await signIn(page);
  await save(page, 'This is An');
  await deletePage(page);
  await confirm(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Your data has been deleted' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText(/Reference\s*[0-9A-F]{4}-[0-9A-F]{4}/);
  // Nothing of An is left, and nothing of Bram is gone. The used states of the sign-ins belong to no citizen.
  const left = await everyItem(app);
  const ofSomeone = (items: string[]) => items.filter((item) => !item.includes('"state#'));
  expect(ofSomeone(left)).toEqual(ofSomeone(before));

  const elsewhere = await anotherVisitor();
  await elsewhere.goto(page.url());
  await expect(elsewhere.getByRole('heading', { level: 1, name: 'Your data has been deleted' })).toBeVisible();
  await laptop.goto('/my-data');
  await expectPath(laptop, '/?return_to=%2Fmy-data');
  await signIn(page);
  await expect(messageBox(page)).toHaveValue('');
  await page.goto('/activity');
  await expect(page.getByRole('region', { name: 'What was done' }).getByText('Signed in', { exact: true })).toHaveCount(1);
});

test('a citizen who does not confirm keeps everything', async ({ page }) => {
  await signIn(page);
  await save(page, 'This is An');
  await deletePage(page);
  await page.getByRole('link', { name: 'Cancel and go back' }).click();
  await expect(messageBox(page)).toHaveValue('This is An');
});

test.describe('an hour after the sign-in', () => {
  // Without `prompt=login`, the user pool may answer from its own session, which can be an hour old.
  test.use({ variables: { MYDATA_COGNITO__PROMPT_LOGIN: 'false' } });

  test('a deletion asks for a sign-in first', async ({ page, app }) => {
    await app.setFault('invalid-auth-time');
    await signIn(page);
    await save(page, 'This is An');
    await app.setFault(undefined);
    await deletePage(page);
    await expect(page.getByRole('button', { name: 'Yes, delete my data' })).toHaveCount(0);
    // Nor does a request without the page.
    const refused = await page.request.post('/api/delete_my_data');
    expect(new URL(refused.url()).pathname).toBe('/my-data/delete');
    await page.getByRole('link', { name: 'Sign in again with itsme' }).click();
    await answerProvider(page, citizens.an);
    await expectPath(page, '/my-data/delete');
    await confirm(page);
    await expect(page.getByRole('heading', { level: 1, name: 'Your data has been deleted' })).toBeVisible();
    await expect(signInLink(page)).toHaveCount(0);
  });
});

test('a deletion that a power cut interrupts at any step is finished, and then nothing is left', async ({ anotherVisitor }) => {
  test.setTimeout(180_000);
  const engine = await AppServer.launch();
  const cut = await Cut.before(engine);
  const app = await AppServer.launch({ MYDATA_DYNAMODB__ENDPOINT_URL: cut.url });
  const site = (path: string) => new URL(path, app.url).href;
  const left = async () => (await everyItem(engine)).filter((item) => !item.includes('"state#'));
  let interrupted = 0;
  for (let step = 0, isCut = true; isCut; step++) {
    const device = await anotherVisitor();
    await signIn(device, citizens.an, { from: site('/') });
    await save(device, 'This is An');
    isCut = await cut.during(step, app, () => device.request.post(site('/api/delete_my_data'), { maxRedirects: 0 }));
    if (isCut) {
      const isPromised = (await left()).some((item) => item.includes('"erasures"'));
      if (isPromised) interrupted++;
      await app.start();
      // What was promised is finished without the citizen. Every second time the citizen asks again all the same.
      if (!isPromised || step % 2 === 0) {
        const again = await anotherVisitor();
        await signIn(again, citizens.an, { from: site('/') });
        await again.goto(site('/my-data/delete'));
        await confirm(again);
        await expect(again.getByRole('heading', { level: 1, name: 'Your data has been deleted' })).toBeVisible();
      }
    }
    await expect.poll(left, `what is left after a power cut at request ${step}`).toEqual([]);
  }
  expect(interrupted, 'deletions that were interrupted after they were promised').toBeGreaterThan(3);
  await app.remove();
  await cut.close();
  await engine.remove();
});
