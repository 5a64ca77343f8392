import type { Page } from '@playwright/test';
import { endAllSessions } from '../dynamodb.ts';
import { expect, test } from '../fixtures.ts';
import { answerProvider, citizens, expectPath, expectStored, makeConflict, messageBox, pressSave, saveButton, signIn, signInLink, signOut, signOutButton, status, whileSaving, write } from '../steps.ts';
import { inAny, type Language, languages, say } from '../words.ts';

const names = { en: 'English', nl: 'Nederlands', fr: 'Français', de: 'Deutsch' };

/** Chooses a language: by a link, or by a button where there is something typed. */
async function choose(page: Page, language: Language): Promise<void> {
  const choices = page.getByRole('navigation', { name: inAny('languages-label') });
  const choice = choices.getByRole('link', { name: names[language] }).or(choices.getByRole('button', { name: names[language] }));
  await Promise.all([page.waitForEvent('load'), choice.click()]);
  await expectLanguage(page, language);
}

async function expectLanguage(page: Page, language: Language): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('lang', language);
  await expect(page.getByRole('navigation', { name: say(language, 'languages-label') }).locator('[aria-current]')).toHaveText(names[language]);
}

// Independent of the files: if those were mixed up, the tests below would not notice.
const samples = {
  en: ['Sign in with itsme', 'Your message', 'Save', 'Sign out'],
  nl: ['Inloggen met itsme', 'Uw bericht', 'Opslaan', 'Uitloggen'],
  fr: ['Se connecter avec itsme', 'Votre message', 'Enregistrer', 'Se déconnecter'],
  de: ['Mit itsme anmelden', 'Ihre Nachricht', 'Speichern', 'Abmelden'],
};

test('the languages fit on one line of a small screen', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const language of languages) {
    await page.goto(`/?lang=${language}`);
    const boxes = await page.getByRole('navigation', { name: say(language, 'languages-label') }).getByRole('listitem').all();
    const tops = await Promise.all(boxes.map(async (box) => (await box.boundingBox())?.y));
    expect(new Set(tops).size, language).toBe(1);
  }
});

for (const language of languages) {
  test.describe(`a browser in ${language}`, () => {
    test.use({ locale: `${language}-BE` });

    test('a citizen signs in, saves and signs out in that language', async ({ page }) => {
      const [signInWith, label, save, leave] = samples[language] as [string, string, string, string];
      await page.goto('/');
      await expectLanguage(page, language);
      await page.getByRole('link', { name: signInWith }).click();
      await answerProvider(page, citizens.an);
      await expectPath(page, '/my-data');
      await expectLanguage(page, language);
      await expect(page.getByRole('textbox', { name: label })).toBeVisible();
      await page.getByRole('textbox', { name: label }).fill('é – ß – ij');
      await whileSaving(page, () => page.getByRole('button', { name: save, exact: true }).click());
      await expect(status(page)).toContainText(say(language, 'my-data-saved'));
      await page.getByRole('button', { name: leave, exact: true }).click();
      await expectPath(page, '/');
      await expect(page.getByRole('heading', { name: say(language, 'signed-out-heading') })).toBeVisible();
      await expectLanguage(page, language);
    });
  });
}

test('a chosen language stays, on every page and over a sign-in', async ({ page }) => {
  await page.goto('/?return_to=%2Fprofile');
  await choose(page, 'fr');
  await expectPath(page, '/?return_to=%2Fprofile');
  await signInLink(page).click();
  await answerProvider(page, citizens.an);
  await expectPath(page, '/profile');
  await expectLanguage(page, 'fr');
  await choose(page, 'de');
  await expectPath(page, '/profile');
  await page.goto('/');
  await expectLanguage(page, 'de');
  await signOut(page);
  await expectLanguage(page, 'de');
  await page.goto('/my-data?lang=nl');
  await expectPath(page, '/?return_to=%2Fmy-data');
  await expectLanguage(page, 'nl');
});

test('a language that is chosen in the middle of typing keeps the text', async ({ page }) => {
  await signIn(page);
  const text = '\nfirst line </textarea>\n  “second” & third 🙂';
  await write(page, text);
  for (const language of ['nl', 'fr', 'de'] as const) {
    await choose(page, language);
    await expect(messageBox(page)).toHaveValue(text);
    await expect(status(page)).toContainText(say(language, 'my-data-not-saved-yet'));
  }
  await pressSave(page);
  await expect(status(page)).toContainText(say('de', 'my-data-saved'));
  await expectStored(page, text);
});

test('tabs in different languages do not mix them (needs JavaScript)', async ({ page }) => {
  await signIn(page);
  await page.goto('/my-data?lang=nl');
  await write(page, 'getypt');
  const other = await page.context().newPage();
  // The other tab extends the session and says so. This one then asks for the new end.
  const asked = page.waitForResponse((response) => new URL(response.url()).pathname === '/session');
  await other.goto('/my-data?lang=fr');
  await (await asked).finished();
  await expectLanguage(page, 'nl');
  await expect(page.locator('#session-end button').first()).toHaveText(say('nl', 'session-end-stay'));
  // The citizen's latest choice holds for the next answer, and for all of it.
  await pressSave(page);
  await expectLanguage(page, 'fr');
  for (const [part, key] of [['.skip', 'skip-to-content'], ['.foot', 'footer-accessibility'], ['h1', 'my-data-heading']] as const) {
    await expect(page.locator(part)).toContainText(say('fr', key));
  }
});

test('a language that is chosen during a conflict keeps both texts and the choice', async ({ page, tidy }) => {
  await signIn(page);
  tidy.expectFailure('/api/save_message', 409);
  await makeConflict(page, { stored: 'from the other tab', typed: 'from this tab' });
  tidy.expectFailure('/language', 409);
  await choose(page, 'nl');
  await expect(page.getByRole('heading', { level: 1, name: say('nl', 'my-data-conflict-heading') })).toBeVisible();
  await expect(page.getByText('from the other tab', { exact: true })).toBeVisible();
  await expect(page.getByRole('textbox', { name: say('nl', 'my-data-conflict-typed') })).toHaveValue('from this tab');
  await whileSaving(page, () => page.getByRole('button', { name: say('nl', 'my-data-conflict-save') }).click());
  await expectStored(page, 'from this tab');
});

test('a language that is chosen on an error of the form keeps the error and the text', async ({ page, tidy }) => {
  await signIn(page);
  const tooLong = 'x'.repeat(2_001);
  await write(page, tooLong);
  tidy.expectFailure('/api/save_message', 422);
  await pressSave(page);
  await expect(page).toHaveTitle(/^Error: /);
  tidy.expectFailure('/language', 422);
  await choose(page, 'fr');
  // A no-break space stands before the colon.
  await expect(page).toHaveTitle(/^Erreur\u00a0: /);
  await expect(page.getByRole('alert')).toContainText(say('fr', 'my-data-problem'));
  await expect(messageBox(page)).toHaveValue(tooLong);
});

test('a language that is chosen after the session has ended keeps the text', async ({ page, app, tidy }) => {
  await signIn(page);
  await write(page, 'typed over an hour');
  await endAllSessions(app);
  tidy.expectFailure('/language', 401);
  await choose(page, 'de');
  await expect(page.getByRole('heading', { level: 1, name: say('de', 'failure-session-ended-heading') })).toBeVisible();
  await expect(page.getByRole('textbox')).toHaveValue('typed over an hour');
});

test('a failure stays the same in another language', async ({ page, tidy }) => {
  tidy.expectFailure('/no-such-page', 404);
  await page.goto('/no-such-page');
  tidy.expectFailure('/no-such-page', 404);
  await choose(page, 'nl');
  await expectPath(page, '/no-such-page');
  await expect(page.getByRole('heading', { level: 1, name: say('nl', 'failure-not-found-heading') })).toBeVisible();

  tidy.expectFailure('/auth/callback', 502);
  await page.goto('/');
  await signInLink(page).click();
  await answerProvider(page, citizens.an, 'Let it time out');
  await expect(page.getByText(say('nl', 'failure-sign-in-slow'))).toBeVisible();
  const reference = await page.getByText(say('nl', 'reference', { reference: '' })).innerText();
  tidy.expectFailure('/language', 502);
  await choose(page, 'de');
  await expect(page.getByText(say('de', 'failure-sign-in-slow'))).toBeVisible();
  await expect(page.locator('main')).toContainText(/\S+$/.exec(reference)![0]);
  await expect(signOutButton(page)).toHaveCount(0);
  await page.getByRole('link', { name: say('de', 'try-again') }).click();
});

test('languages can be chosen by keyboard, and Enter in the form still saves', async ({ page }) => {
  await signIn(page);
  await write(page, 'by keyboard');
  const german = page.getByRole('button', { name: names.de });
  await german.focus();
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  await expectLanguage(page, 'de');
  await expect(messageBox(page)).toHaveValue('by keyboard');
  await saveButton(page).focus();
  await whileSaving(page, () => page.keyboard.press('Enter'));
  await expect(status(page)).toContainText(say('de', 'my-data-saved'));
});
