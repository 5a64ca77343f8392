import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import Provider from 'oidc-provider';

/** Somebody else's provider, certified by the OpenID Foundation, which takes signed assertions alone. */
export class CertifiedProvider {
  private constructor(
    readonly issuer: string,
    private readonly server: Server,
  ) {}

  /** On `port`; its one client has the keys `jwks` and is sent back to `redirectUri`. */
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
      acrValues: ['urn:acr.login.gov:auth-only'],
      // Cognito sends no challenge upstream.
      pkce: { required: () => false },
      cookies: { keys: ['a key for the cookies of this test alone'] },
      features: { devInteractions: { enabled: true } },
    });
    const server = createServer(provider.callback());
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return new CertifiedProvider(issuer, server);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
