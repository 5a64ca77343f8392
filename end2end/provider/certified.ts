import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import Provider from 'oidc-provider';

/** The assurance levels that the provider supports. */
export const [VERIFIED, AUTH_ONLY] = ['urn:acr.login.gov:verified', 'urn:acr.login.gov:auth-only'];

interface Oidc {
  provider: { Grant: new (of: object) => { addOIDCScope: (scope: string) => void; save: () => Promise<unknown> } };
  client: { clientId: string };
  session: { accountId: string };
}

/** A third-party provider, certified by the OpenID Foundation. Clients must authenticate with signed assertions. */
export class CertifiedProvider {
  private constructor(
    readonly issuer: string,
    private readonly server: Server,
  ) {}

  /** Starts the provider on `port`. Its only client has the keys `jwks` and the redirect URI `redirectUri`. */
  static async start(port: number, client: { id: string; jwks: object; redirectUri: string }): Promise<CertifiedProvider> {
    const issuer = `http://127.0.0.1:${port}`;
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: client.id,
          redirect_uris: [client.redirectUri],
          response_types: ['code'],
          grant_types: ['authorization_code'],
          token_endpoint_auth_method: 'private_key_jwt',
          jwks: client.jwks,
        },
      ],
      clientAuthMethods: ['private_key_jwt'],
      jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
      acrValues: [VERIFIED, AUTH_ONLY],
      // Cognito sends no PKCE challenge.
      pkce: { required: () => false },
      cookies: { keys: ['a key for the cookies of this test alone'] },
      features: { devInteractions: { enabled: false } },
      // No pages: every user is `an`, gets the requested level, and gives consent.
      interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
      loadExistingGrant: async ({ oidc }: { oidc: Oidc }) => {
        const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
        grant.addOIDCScope('openid');
        await grant.save();
        return grant;
      },
    });
    const handle = provider.callback();
    const server = createServer(async (request, response) => {
      if (!request.url?.startsWith('/interaction/')) return handle(request, response);
      const { params } = await provider.interactionDetails(request, response);
      return provider.interactionFinished(request, response, { login: { accountId: 'an', acr: params.acr_values } });
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return new CertifiedProvider(issuer, server);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
