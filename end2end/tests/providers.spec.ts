import { WORKFORCE } from '../case-workers.ts';
import { expect, test } from '../fixtures.ts';
import { answerProvider, citizens, expectPath, expectStored, messageBox, providers, save, signIn, signInLink, signOut, signOutButton, status, type ProviderName } from '../steps.ts';

const heading = 'We could not sign you in';

test('the home page lists the sign-in options in order, each with a description', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Choose how to sign in' })).toBeVisible();
  const links = page.getByRole('main').getByRole('link');
  await expect(links).toHaveText([...providers, WORKFORCE].map((provider) => `Sign in with ${provider}`));
  await expect(signInLink(page, 'itsme')).toHaveAccessibleDescription('Use the itsme app on your phone.');
  await expect(signInLink(page, 'Beyond Identity')).toHaveAccessibleDescription(/passkey/);
});

/** The details that each provider shares about An, as labelled on the profile page. */
const sharedDetails: Record<ProviderName, [string, string | RegExp][]> = {
  itsme: [['Full name', 'An Peeters'], ['National Register number', '85.07.30-033.28']],
  'Login.gov': [['Last name', 'Peeters'], ['Identifier', /^[0-9a-f]{8}-[0-9a-f-]{27}$/], ['Email address', 'an.peeters@example.com']],
  Auth0: [['Full name', 'An Peeters'], ['Identifier', '85073003328']],
  'Beyond Identity': [['Identifier', 'an.peeters@example.com'], ['Email address', 'an.peeters@example.com']],
};

for (const provider of providers) {
  test(`a citizen signs in with ${provider}, saves a message, and sees it at the next sign-in`, async ({ page }) => {
    await signIn(page, citizens.an, { provider });
    await save(page, `By way of ${provider}`);
    await page.getByRole('link', { name: 'Profile', exact: true }).click();
    await expect(page.getByText(`${provider} shared these details`)).toBeVisible();
    for (const [term, value] of sharedDetails[provider]) {
      await expect(page.locator('dl > div', { has: page.locator('dt', { hasText: term }) }).locator('dd').first()).toHaveText(value);
    }
    await signOut(page);
    await expect(status(page).filter({ hasText: 'You are signed out' })).toBeVisible();
    await page.goto('/?return_to=%2Fmy-data');
    await signInLink(page, provider).click();
    // Auth0's own session is still open. It still asks.
    await answerProvider(page, citizens.an);
    await expectStored(page, `By way of ${provider}`);
  });

  test(`declining at ${provider} returns to the home page, and a second attempt works`, async ({ page }) => {
    await page.goto('/');
    await signInLink(page, provider).click();
    await answerProvider(page, citizens.an, 'Decline');
    await expectPath(page, '/?signin=cancelled');
    await expect(status(page).filter({ hasText: 'Sign-in cancelled' })).toBeVisible();
    await expect(signOutButton(page)).toHaveCount(0);
    await signInLink(page, provider).click();
    await answerProvider(page, citizens.an);
    await expectPath(page, '/my-data');
  });
}

test('one number in two namespaces is two citizens', async ({ page }) => {
  await signIn(page, citizens.an, { provider: 'itsme' });
  await save(page, 'Under my national number');
  await signOut(page);

  await signIn(page, citizens.an, { provider: 'Auth0' });
  await expect(messageBox(page)).toHaveValue('');
  await save(page, 'Under my staff number');
  await signOut(page);

  await signIn(page, citizens.an, { provider: 'itsme' });
  await expect(messageBox(page)).toHaveValue('Under my national number');
});

test('after signing out, a citizen can also sign out of Auth0', async ({ page }) => {
  await signIn(page, citizens.an, { provider: 'Auth0' });
  await signOut(page);
  await page.getByRole('link', { name: 'Also sign out of Auth0' }).click();
  await expectPath(page, '/');
  await expect(page.getByText('You are signed out')).toHaveCount(0);
  await signIn(page, citizens.bram, { provider: 'Auth0' });
  await expect(page.getByRole('banner')).toContainText('Signed in as Bram');
});

test('after signing out, a citizen can also sign out of Login.gov, which asks for confirmation', async ({ page }) => {
  await signIn(page, citizens.an, { provider: 'Login.gov' });
  await signOut(page);
  await page.getByRole('link', { name: 'Also sign out of Login.gov' }).click();
  await page.getByRole('button', { name: 'Yes, sign out of Login.gov' }).click();
  await expectPath(page, '/');
  await expect(signInLink(page)).toBeVisible();
});

test('a citizen whom the provider has not verified sees the reason', async ({ page }) => {
  await page.goto('/');
  await signInLink(page, 'Auth0').click();
  await answerProvider(page, citizens.an, 'Not verified');
  await expectPath(page, '/?signin=cancelled');
  await expect(status(page)).toContainText('your email address or identity is not verified');
});

test('a sign-in without an email address fails, and the page names the missing detail', async ({ page, tidy }) => {
  tidy.expectFailure('/auth/callback', 502);
  await page.goto('/');
  await signInLink(page, 'Auth0').click();
  await answerProvider(page, citizens.noor);
  await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
  await expect(page.getByText('such as your email address')).toBeVisible();
  await expect(page.getByText(/^Reference: \S+$/)).toBeVisible();
});

test('a citizen without a number learns whom to ask', async ({ page, tidy }) => {
  tidy.expectFailure('/auth/callback', 400);
  await page.goto('/');
  await signInLink(page, 'Auth0').click();
  await answerProvider(page, citizens.mia);
  await expect(page.getByText('Ask the organisation that gave you the account')).toBeVisible();
  await page.getByRole('link', { name: 'Sign out and choose again' }).click();
  await signIn(page, citizens.mia, { provider: 'Beyond Identity' });
});

test('a time-out behind the bridge is explained, and trying again works', async ({ page, tidy }) => {
  tidy.expectFailure('/auth/callback', 502);
  await page.goto('/');
  await signInLink(page, 'Login.gov').click();
  await answerProvider(page, citizens.an, 'Let it time out');
  await expect(page.getByText('took too long to answer')).toBeVisible();
  await page.getByRole('link', { name: 'Try again' }).click();
  await answerProvider(page, citizens.an);
  await expectPath(page, '/my-data');
});

test('the next person at a browser that the user pool still knows signs in as themselves', async ({ page, context }) => {
  await signIn(page, citizens.an, { provider: 'itsme' });
  // Only the session here ends. The user pool's own session is still open.
  await context.clearCookies({ name: 'mydata_session' });
  await signIn(page, citizens.bram, { provider: 'Beyond Identity' });
  await expect(page.getByRole('banner')).toContainText('Signed in as bram');
});

test.describe('without prompt=login', () => {
  test.use({ variables: { MYDATA_COGNITO__PROMPT_LOGIN: 'false' } });

  test('a citizen who is still signed in with another option is asked to sign out first', async ({ page, context, tidy }) => {
    await signIn(page, citizens.an, { provider: 'itsme' });
    // Only the session here ends. The user pool's own session is still open.
    await context.clearCookies({ name: 'mydata_session' });
    tidy.expectFailure('/auth/callback', 400);
    await page.goto('/');
    await signInLink(page, 'Beyond Identity').click();
    await expect(page.getByText('You are still signed in with a different sign-in option')).toBeVisible();
    await page.getByRole('link', { name: 'Sign out and choose again' }).click();
    await expectPath(page, '/');
    await signIn(page, citizens.bram, { provider: 'Beyond Identity' });
  });
});
