import { execFileSync } from 'node:child_process';
import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base, type APIRequestContext } from '@playwright/test';
import { AppServer, BINARY, freePort } from '../server.ts';
import { AUTH_ONLY, CertifiedProvider, VERIFIED } from './certified.ts';

const CLIENT_ID = 'urn:gov:gsa:openidconnect.profiles:sp:sso:an_agency:my_data';
const CLIENT_SECRET = 'client-secret-that-cognito-sends-to-the-bridge';
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

interface Bridge {
  app: AppServer;
  provider: CertifiedProvider;
  redirectUri: string;
  /** The private key that the bridge signs with. */
  pem: string;
  /** Sends Cognito's token request. */
  token: (code: string) => Promise<{ status: number; body: Record<string, string> }>;
  /** Signs in and returns the code. With `acr`, the browser asks for that level instead of the bridge's own. */
  code: (request: APIRequestContext, acr?: string) => Promise<string>;
}

const test = base.extend<{ bridge: Bridge; wrongKey: boolean }>({
  /** The provider has a key that the bridge does not sign with. */
  wrongKey: [false, { option: true }],
  bridge: async ({ wrongKey }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'my-data-bridge-'));
    for (const name of ['one', 'other']) execFileSync(BINARY, ['federation', 'new-key', join(folder, name)]);
    const port = await freePort();
    const issuer = `http://127.0.0.1:${port}`;
    const variables = (id: string, index: number, key: string) => ({
      [`MYDATA_PROVIDERS__${index}__ID`]: id,
      [`MYDATA_PROVIDERS__${index}__NAME`]: id,
      [`MYDATA_PROVIDERS__${index}__NAMESPACE`]: 'US',
      [`MYDATA_PROVIDERS__${index}__KIND`]: 'login_gov',
      [`MYDATA_PROVIDERS__${index}__BRIDGE__CLIENT_ID`]: CLIENT_ID,
      [`MYDATA_PROVIDERS__${index}__BRIDGE__CLIENT_SECRET`]: CLIENT_SECRET,
      [`MYDATA_PROVIDERS__${index}__BRIDGE__ISSUER`]: issuer,
      [`MYDATA_PROVIDERS__${index}__BRIDGE__AUTHORIZATION_ENDPOINT`]: `${issuer}/auth`,
      [`MYDATA_PROVIDERS__${index}__BRIDGE__TOKEN_ENDPOINT`]: `${issuer}/token`,
      [`MYDATA_PROVIDERS__${index}__BRIDGE__JWKS_URI`]: `${issuer}/jwks`,
      [`MYDATA_PROVIDERS__${index}__BRIDGE__PARAMETERS`]: `acr_values=${VERIFIED} prompt=login`,
      [`MYDATA_PROVIDERS__${index}__BRIDGE__SIGNING_KEY_FILES`]: join(folder, key),
    });
    // The local profile already has the providers 0 to 4.
    const app = await AppServer.launch({ ...variables('certified', 5, 'one.pem'), ...variables('other', 6, 'other.pem') });
    const login = await fetch(`${app.url}/login/itsme`, { redirect: 'manual' });
    const redirectUri = `${new URL(login.headers.get('location')!).origin}/oauth2/idpresponse`;
    const published = await fetch(`${app.url}/federation/${wrongKey ? 'other' : 'certified'}/jwks.json`);
    const jwks = (await published.json()) as object;
    const provider = await CertifiedProvider.start(port, { id: CLIENT_ID, jwks, redirectUri });
    await use({
      app,
      provider,
      redirectUri,
      pem: readFileSync(join(folder, 'one.pem'), 'utf8'),
      token: async (code) => {
        const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, client_id: CLIENT_ID };
        return post(`${app.url}/federation/certified/token`, { ...form, client_secret: CLIENT_SECRET });
      },
      code: (request, acr) => signIn(request, `${app.url}/federation/certified/authorize`, redirectUri, acr),
    });
    await provider.stop();
    await app.remove();
    rmSync(folder, { recursive: true });
  },
});

async function post(url: string, form: Record<string, string>) {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

/** Follows the redirects from the bridge through the provider, as a citizen's browser would. Returns the code. */
async function signIn(request: APIRequestContext, authorize: string, redirectUri: string, acr = VERIFIED!): Promise<string> {
  const state = randomUUID() + randomUUID();
  const parameters = { client_id: CLIENT_ID, redirect_uri: redirectUri, response_type: 'code', scope: 'openid', state };
  let url = `${authorize}?${new URLSearchParams(parameters)}`;
  for (let step = 0; step < 20; step++) {
    const response = await request.get(url, { maxRedirects: 0 });
    const location = response.headers()['location'];
    if (!location) throw new Error(`${response.status()} at ${url}: ${await response.text()}`);
    url = new URL(location, url).href.replace(encodeURIComponent(VERIFIED!), encodeURIComponent(acr));
    if (url.startsWith(redirectUri)) {
      const back = new URL(url).searchParams;
      expect(back.get('state'), url).toBe(state);
      return back.get('code') ?? '';
    }
  }
  throw new Error('too many redirects');
}

/** A client assertion, signed with the bridge's key. */
function assertion(pem: string, audience: string, ageInSeconds: number): string {
  const now = Math.floor(Date.now() / 1000) - ageInSeconds;
  const claims = { iss: CLIENT_ID, sub: CLIENT_ID, aud: audience, jti: randomUUID(), iat: now, exp: now + 300 };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ alg: 'RS256' })}.${part(claims)}`;
  return `${input}.${sign('sha256', Buffer.from(input), createPrivateKey(pem)).toString('base64url')}`;
}

test('a certified provider accepts the bridge’s assertion, and the bridge forwards the tokens', async ({ bridge, request }) => {
  const { status, body } = await bridge.token(await bridge.code(request));
  expect(status, JSON.stringify(body)).toBe(200);
  const claims = JSON.parse(Buffer.from(body.id_token!.split('.')[1]!, 'base64url').toString());
  expect(claims).toMatchObject({ iss: bridge.provider.issuer, aud: CLIENT_ID, sub: 'an', acr: VERIFIED });
  expect(claims.nonce.length).toBeGreaterThanOrEqual(22);
});

test('a citizen who requests a lower level in the browser is not signed in', async ({ bridge, request }) => {
  const refused = await bridge.token(await bridge.code(request, AUTH_ONLY));
  expect(refused).toMatchObject({ status: 502, body: { error: 'server_error' } });
  await expect.poll(() => bridge.app.log()).toContain('acr of the provider');
});

test('a code works once, and the bridge forwards the provider’s error', async ({ bridge, request }) => {
  const code = await bridge.code(request);
  expect((await bridge.token(code)).status).toBe(200);
  expect(await bridge.token(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
});

test('the provider refuses an assertion that was used or is old', async ({ bridge, request }) => {
  const at = `${bridge.provider.issuer}/token`;
  const redeem = async (client_assertion: string) =>
    post(at, {
      grant_type: 'authorization_code',
      code: await bridge.code(request),
      redirect_uri: bridge.redirectUri,
      client_id: CLIENT_ID,
      client_assertion_type: ASSERTION_TYPE,
      client_assertion,
    });
  const good = assertion(bridge.pem, at, 0);
  expect((await redeem(good)).status).toBe(200);
  expect(await redeem(good), 'a used jti').toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  expect(await redeem(assertion(bridge.pem, at, 3_600)), 'an old assertion').toMatchObject({ status: 401 });
});

test.describe('with the wrong key', () => {
  test.use({ wrongKey: true });

  test('the provider refuses the assertion, and the bridge forwards its status and error', async ({ bridge, request }) => {
    const refused = await bridge.token(await bridge.code(request));
    expect(refused).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    const reference = String(refused.body.error_description).replace('reference ', '');
    await expect.poll(() => bridge.app.log()).toContain(`"reference":"${reference}","code":"invalid_client"`);
  });
});
