import { createServer } from 'node:https';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { type Certified, issue, makeCa } from '../../../lib/local/certificates.ts';
import { OIDC } from './install.ts';

/** As much of `oidc-provider` as is used; it has no types of its own. */
type Callback = (request: unknown, response: unknown) => void;
interface Found {
  readonly clientId?: string;
  readonly scope?: string;
  readonly isExpired?: boolean;
}
interface ProviderShape {
  callback(): Callback;
  readonly ClientCredentials: { find(token: string): Promise<Found | undefined> };
}
const isMaker = (value: unknown): value is new (issuer: string, settings: unknown) => ProviderShape =>
  typeof value === 'function';
const moduleSchema = z.object({ default: z.custom<new (issuer: string, settings: unknown) => ProviderShape>(isMaker) });

export const ARM_SCOPE = 'https://management.azure.com/.default';

/** Whom the provider knows. */
export interface PeerClient {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly subscriptionId: string;
}

/** A call that came to either host, and how it was answered. */
export interface PeerCall {
  readonly path: string;
  readonly status: number;
}

export interface Issuer {
  readonly endpoints: readonly { readonly host: string; readonly url: string; readonly ca: string }[];
  readonly calls: readonly PeerCall[];
  close(): Promise<void>;
}

/**
 * A real OpenID provider over TLS at the paths of Entra, and one subscription that takes the tokens which that provider
 * itself says are good.
 */
export async function startIssuer(client: PeerClient): Promise<Issuer> {
  const entry = pathToFileURL(join(OIDC, 'node_modules/oidc-provider/lib/index.js')).href;
  const { default: Provider } = moduleSchema.parse(await import(entry));
  const provider = new Provider(`https://login.microsoftonline.com/${client.tenantId}/v2.0`, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'client_secret_post',
        scope: ARM_SCOPE,
      },
    ],
    scopes: [ARM_SCOPE],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    routes: { token: '/oauth2/v2.0/token' },
    ttl: { ClientCredentials: 3599 },
  });
  const answer = provider.callback();
  const calls: PeerCall[] = [];
  const ca = await makeCa('Peer CA');
  const { certificate: cert, key }: Certified = await issue(ca, { commonName: 'Peer', ips: ['127.0.0.1'] });
  const server = createServer({ cert, key }, (request, response) => {
    const path = request.url ?? '/';
    response.once('finish', () => calls.push({ path, status: response.statusCode }));
    const tenant = `/login.microsoftonline.com/${client.tenantId}`;
    if (path.startsWith(`${tenant}/`)) {
      request.url = path.slice(tenant.length);
      answer(request, response);
      return;
    }
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    void provider.ClientCredentials.find(token).then((found) => {
      const good = found !== undefined && found.isExpired !== true && found.scope === ARM_SCOPE;
      const body = good
        ? { subscriptionId: client.subscriptionId, state: 'Enabled' }
        : { error: { code: 'InvalidAuthenticationToken', message: 'The access token is invalid.' } };
      response.writeHead(good ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    endpoints: ['login.microsoftonline.com', 'management.azure.com'].map((host) => ({
      host,
      url: `https://127.0.0.1:${port}/${host}`,
      ca: ca.certificate,
    })),
    calls,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
