import { createHttpHeaders, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline';
import { ClientSecretCredential } from '@azure/identity';
import { Secret } from '../../runtime/secret.ts';
import type { AzureCredentials } from './credentials.ts';
import { entraError, UnexpectedAnswerError } from './outcomes.ts';
import { type Answer, LOGIN_HOST, type Transport, UnsafeHostError } from './transport.ts';

/** What a token is asked for: Azure Resource Manager, and nothing else. */
const SCOPE = 'https://management.azure.com/.default';

/**
 * Gives the token to call Azure Resource Manager with, from memory while it is good.
 * @throws AzureError, NoAnswerError, UnexpectedAnswerError: what the wire said, not how the libraries wrap it.
 */
export type Tokens = () => Promise<Secret<string>>;

/**
 * `@azure/identity` over our transport: the authority is a constant and is not looked up, nothing is written to disk, and
 * a call is made once. A proxy, an authority or a secret of the environment has no say; a region that the environment
 * names would make another host of Entra's, and of the hosts that may ask for regions: the transport knows neither.
 */
export function tokensOf(credentials: Secret<AzureCredentials>, transport: Transport): Tokens {
  const { tenantId, clientId, clientSecret } = credentials.reveal();
  /**
   * What calls ended in, until one has a token. It is kept here since the libraries put it in words of their own, and
   * since they make no call for a while after a throttle or a fault: what they then refuse is what was heard before.
   */
  const heard: { answer?: Answer; error?: unknown }[] = [];
  const httpClient: HttpClient = {
    async sendRequest(request) {
      try {
        const answer = await transport.send(askedBy(request));
        heard.push({ answer });
        return {
          request,
          status: answer.status,
          headers: createHttpHeaders(headersOf(answer)),
          bodyAsText: answer.text,
        };
      } catch (error) {
        heard.push({ error });
        throw error;
      }
    },
  };
  let credential: ClientSecretCredential | undefined;
  return async () => {
    try {
      credential ??= new ClientSecretCredential(tenantId, clientId, clientSecret, {
        authorityHost: `https://${LOGIN_HOST}`,
        disableInstanceDiscovery: true,
        retryOptions: { maxRetries: 0 },
        httpClient,
      });
      const { token } = await credential.getToken(SCOPE);
      heard.length = 0;
      return new Secret(token);
    } catch {
      const { answer, error } = heard.at(-1) ?? {};
      throw answer === undefined ? (error ?? new UnexpectedAnswerError('No token was asked for.')) : entraError(answer);
    }
  };
}

function askedBy({ url, method, headers, body }: PipelineRequest) {
  const to = new URL(url);
  if (to.host !== LOGIN_HOST || (method !== 'GET' && method !== 'POST')) throw new UnsafeHostError();
  if (body !== undefined && body !== null && typeof body !== 'string') throw new UnsafeHostError();
  return { method, url: to, headers: { ...headers.toJSON() }, body: body ?? undefined } as const;
}

const headersOf = ({ headers }: Answer): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
