import { execFileSync } from 'node:child_process';
import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base, type APIRequestContext } from '@playwright/test';
import { AppServer, BINARY, freePort } from '../server.ts';
import { AUTH_ONLY, CertifiedProvider, VERIFIED } from './certified.ts';

const CLIENT_ID = 'urn:gov:gsa:openidconnect.profiles:sp:sso:an_agency:my_data';
const CLIENT_SECRET = 'what-cognito-proves-itself-with-to-the-bridge';
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

interface Bridge {
  app: AppServer;
  provider: CertifiedProvider;
  redirectUri: string;
  /** The private key that the bridge signs with. */
  pem: string;
  /** Cognito's requests. */
  token: (code: string) => Promise<{ status: number; body: Record<string, string> }>;
  /** Signs in; with `acr`, the browser asks for another level than it was told to. */
  code: (request: APIRequestContext, acr?: string) => Promise<string>;
}

const test = base.extend<{ bridge: Bridge; otherKey: boolean }>({
  /** The provider knows another key than the one that the bridge signs with. */
  otherKey: [false, { option: true }],
  bridge: async ({ otherKey }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'my-data-bridge-'));
    for (const name of ['one', 'other']) execFileSync(BINARY, ['federation', 'new-key', join(folder, name)]);
    const port = await freePort();
    const issuer = `http://127.0.0.1:${port}`;
    const bridge = (id: string, index: number, key: string) => ({
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
    // After the four that the local profile has.
    const app = await AppServer.launch({ ...bridge('certified', 4, 'one.pem'), ...bridge('known', 5, 'other.pem') });
    const login = await fetch(`${app.url}/login/itsme`, { redirect: 'manual' });
    const redirectUri = `${new URL(login.headers.get('location')!).origin}/oauth2/idpresponse`;
    const published = await fetch(`${app.url}/federation/${otherKey ? 'known' : 'certified'}/jwks.json`);
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
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

/** Goes where Cognito would send a browser, and through the provider; gives the code. */
async function signIn(request: APIRequestContext, authorize: string, redirectUri: string, acr = VERIFIED!): Promise<string> {
  const state = randomUUID() + randomUUID();
  const parameters = { client_id: CLIENT_ID, redirect_uri: redirectUri, response_type: 'code', scope: 'openid', state };
  let url = `${authorize}?${new URLSearchParams(parameters)}`;
  for (let step = 0; step < 20; step++) {
    const answer = await request.get(url, { maxRedirects: 0 });
    const location = answer.headers()['location'];
    if (!location) throw new Error(`${answer.status()} at ${url}: ${await answer.text()}`);
    url = new URL(location, url).href.replace(encodeURIComponent(VERIFIED!), encodeURIComponent(acr));
    if (url.startsWith(redirectUri)) {
      const back = new URL(url).searchParams;
      expect(back.get('state'), url).toBe(state);
      return back.get('code') ?? '';
    }
  }
  throw new Error('the provider sends the browser round and round');
}

/** An assertion of the bridge's client, signed with the bridge's key. */
function assertion(pem: string, audience: string, ageInSeconds: number): string {
  const now = Math.floor(Date.now() / 1000) - ageInSeconds;
  const claims = { iss: CLIENT_ID, sub: CLIENT_ID, aud: audience, jti: randomUUID(), iat: now, exp: now + 300 };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ alg: 'RS256' })}.${part(claims)}`;
  return `${input}.${sign('sha256', Buffer.from(input), createPrivateKey(pem)).toString('base64url')}`;
}

test('a certified provider takes the bridge’s assertion, and its tokens go on', async ({ bridge, request }) => {
  const { status, body } = await bridge.token(await bridge.code(request));
  expect(status, JSON.stringify(body)).toBe(200);
  const claims = JSON.parse(Buffer.from(body.id_token!.split('.')[1]!, 'base64url').toString());
  expect(claims).toMatchObject({ iss: bridge.provider.issuer, aud: CLIENT_ID, sub: 'an', acr: VERIFIED });
  expect(claims.nonce.length).toBeGreaterThanOrEqual(22);
});

test('who asks for a lower level in the browser is not signed in', async ({ bridge, request }) => {
  const refused = await bridge.token(await bridge.code(request, AUTH_ONLY));
  expect(refused).toMatchObject({ status: 502, body: { error: 'server_error' } });
  await expect.poll(() => bridge.app.log()).toContain('acr of the provider');
});

test('a code works once, and what the provider says about it goes on', async ({ bridge, request }) => {
  const code = await bridge.code(request);
  expect((await bridge.token(code)).status).toBe(200);
  expect(await bridge.token(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
});

test('the provider is as strict as the bridge needs it to be', async ({ bridge, request }) => {
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
  expect(await redeem(good), 'a jti that was used').toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  expect(await redeem(assertion(bridge.pem, at, 3_600)), 'an old one').toMatchObject({ status: 401 });
});

test.describe('with another key', () => {
  test.use({ otherKey: true });

  test('the provider refuses, and its status and code go on', async ({ bridge, request }) => {
    const refused = await bridge.token(await bridge.code(request));
    expect(refused).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    await expect.poll(() => bridge.app.log()).toContain('the bridge gives no tokens');
  });
});
