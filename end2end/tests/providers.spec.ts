import { expect, test } from '../fixtures.ts';
import { answerProvider, citizens, expectPath, expectStored, messageBox, providers, save, signIn, signInLink, signOut, signOutButton, status, type ProviderName } from '../steps.ts';

const heading = 'We could not sign you in';

test('the ways to sign in stand in their order, each with a word about it', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Choose how to sign in' })).toBeVisible();
  const links = page.getByRole('main').getByRole('link');
  await expect(links).toHaveText(providers.map((provider) => `Sign in with ${provider}`));
  await expect(signInLink(page, 'itsme')).toHaveAccessibleDescription('Use the itsme app on your phone.');
  await expect(signInLink(page, 'Beyond Identity')).toHaveAccessibleDescription(/passkey/);
});

/** What each hands over about An, as the profile names it. */
const handedOver: Record<ProviderName, [string, string | RegExp][]> = {
  itsme: [['Full name', 'An Peeters'], ['National number', '85073003328']],
  'Login.gov': [['Last name', 'Peeters'], ['User ID', /^[0-9a-f]{8}-[0-9a-f-]{27}$/], ['Email address', 'an.peeters@example.com']],
  Auth0: [['Full name', 'An Peeters'], ['User ID', '85073003328']],
  'Beyond Identity': [['User ID', 'an.peeters@example.com'], ['Email address', 'an.peeters@example.com']],
};

for (const provider of providers) {
  test(`a citizen signs in with ${provider}, keeps a message, and finds it again`, async ({ page }) => {
    await signIn(page, citizens.an, { provider });
    await save(page, `By way of ${provider}`);
    await page.getByRole('link', { name: 'Profile', exact: true }).click();
    await expect(page.getByText(`${provider} shared these details`)).toBeVisible();
    for (const [term, value] of handedOver[provider]) {
      await expect(page.locator('dl > div', { has: page.locator('dt', { hasText: term }) }).locator('dd')).toHaveText(value);
    }
    await signOut(page);
    await expect(status(page).filter({ hasText: 'You are signed out' })).toBeVisible();
    await page.goto('/?return_to=%2Fmy-data');
    await signInLink(page, provider).click();
    // Auth0 still knows who sits here and asks nothing.
    if (provider !== 'Auth0') await answerProvider(page, citizens.an);
    await expectStored(page, `By way of ${provider}`);
  });

  test(`declining at ${provider} leads home, and a second attempt works`, async ({ page }) => {
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

test('the same number from two registers is two people', async ({ page }) => {
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

test('after signing out, Auth0 can be left as well, and then asks who it is', async ({ page }) => {
  await signIn(page, citizens.an, { provider: 'Auth0' });
  await signOut(page);
  await page.getByRole('link', { name: 'Also sign out of Auth0' }).click();
  await expectPath(page, '/');
  await expect(page.getByText('You are signed out')).toHaveCount(0);
  await signIn(page, citizens.bram, { provider: 'Auth0' });
  await expect(page.getByRole('banner')).toContainText('Signed in as Bram');
});

test('after signing out, Login.gov can be left as well, and asks first', async ({ page }) => {
  await signIn(page, citizens.an, { provider: 'Login.gov' });
  await signOut(page);
  await page.getByRole('link', { name: 'Also sign out of Login.gov' }).click();
  await page.getByRole('button', { name: 'Yes, sign out of Login.gov' }).click();
  await expectPath(page, '/');
  await expect(signInLink(page)).toBeVisible();
});

test('who was not verified is told that the provider stopped it', async ({ page }) => {
  await page.goto('/');
  await signInLink(page, 'Auth0').click();
  await answerProvider(page, citizens.an, 'Not verified');
  await expectPath(page, '/?signin=cancelled');
  await expect(status(page)).toContainText('your email address or identity is not verified');
});

test('a provider that shares no email address is named as the reason', async ({ page, tidy }) => {
  tidy.expectFailure('/auth/callback', 502);
  await page.goto('/');
  await signInLink(page, 'Auth0').click();
  await answerProvider(page, citizens.noor);
  await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
  await expect(page.getByText('such as your email address')).toBeVisible();
  await expect(page.getByText(/^Reference: \S+$/)).toBeVisible();
});

test('a provider without a number for somebody says whom to ask', async ({ page, tidy }) => {
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

test('somebody who is still known by another way is told to leave that first', async ({ page, context, tidy }) => {
  await signIn(page, citizens.an, { provider: 'itsme' });
  // The session here ends by itself; that of the user pool goes on.
  await context.clearCookies({ name: 'mydata_session' });
  tidy.expectFailure('/auth/callback', 400);
  await page.goto('/');
  await signInLink(page, 'Beyond Identity').click();
  await expect(page.getByText('You are still signed in with a different sign-in option')).toBeVisible();
  await page.getByRole('link', { name: 'Sign out and choose again' }).click();
  await expectPath(page, '/');
  await signIn(page, citizens.bram, { provider: 'Beyond Identity' });
});
