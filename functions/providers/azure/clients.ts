import { setTimeout as sleep } from 'node:timers/promises';
import type { Secret } from '../../runtime/secret.ts';
import type { AzureCredentials } from './credentials.ts';
import { AzureError, armError } from './outcomes.ts';
import { tokensOf } from './tokens.ts';
import { type Answer, type Limits, MANAGEMENT_HOST, Transport, UnsafeHostError } from './transport.ts';

/** One call of Azure Resource Manager. */
export interface ArmCall {
  readonly method: 'GET' | 'POST';
  /** Below the host, with its `api-version`. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** It goes on from a page's token. */
  readonly paged?: boolean;
  /** Calls of one quota: what the cloud says of it holds for all of them. */
  readonly quota: string;
}

/** A customer's Azure, as its collectors and its cost source call it. */
export interface AzureClient {
  /** The answer's text. @throws AzureError, NoAnswerError, UnexpectedAnswerError */
  call(call: ArmCall): Promise<string>;
  close(): void;
}

/** A wait that the cloud asks for holds a lane; a longer one is left to the engine, which sends the task on. */
const LONGEST_WAIT_MS = 10_000;

/** The only place that says how a customer's Azure is called. Each call is made once: the engine makes it again. */
export function azureClient(credentials: Secret<AzureCredentials>, limits: Limits, signal?: AbortSignal): AzureClient {
  const transport = new Transport(limits, signal);
  const tokens = tokensOf(credentials, transport);
  /** By quota, when it may be called again: milliseconds since 1970. */
  const notBefore = new Map<string, number>();
  return {
    async call({ method, path, body, headers, paged, quota }) {
      await waitFor(notBefore.get(quota) ?? 0);
      const token = await tokens();
      const answer = await transport.send({
        method,
        url: armUrl(path),
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${token.reveal()}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const pause = pauseOf(answer);
      if (pause > 0) notBefore.set(quota, Date.now() + pause);
      if (answer.status < 200 || answer.status > 299) throw armError(answer, paged === true);
      return answer.text;
    },
    close: () => transport.destroy(),
  };
}

/** @throws UnsafeHostError for a path that leads to another host, such as `//host` or `@host`. */
function armUrl(path: string): URL {
  const url = new URL(`https://${MANAGEMENT_HOST}${path}`);
  if (url.host !== MANAGEMENT_HOST || url.username !== '' || !path.startsWith('/')) throw new UnsafeHostError();
  return url;
}

async function waitFor(until: number): Promise<void> {
  const wait = until - Date.now();
  if (wait <= 0) return;
  if (wait > LONGEST_WAIT_MS) throw new AzureError(429, { code: 'TooManyRequests', details: [] });
  await sleep(wait);
}

/**
 * Milliseconds that the cloud wants nothing to be asked: an empty quota of Resource Graph, `Retry-After`, and the four
 * of Cost Management. @see https://learn.microsoft.com/azure/cost-management-billing/automate/get-small-usage-datasets-on-demand#error-codes
 */
export function pauseOf({ status, headers }: Answer): number {
  const seconds = Object.entries(headers).flatMap(([name, value]) =>
    name === 'retry-after' || /^x-ms-ratelimit-microsoft\.costmanagement-\w+-retry-after$/.test(name)
      ? [Number(value)]
      : [],
  );
  const asked = status === 429 || status === 503 ? seconds.filter((one) => one > 0 && one <= 86_400) : [];
  const spent = headers['x-ms-user-quota-remaining'] === '0' ? resetsAfter(headers['x-ms-user-quota-resets-after']) : 0;
  return Math.max(0, ...asked, spent) * 1000;
}

/** `hh:mm:ss` in seconds. */
function resetsAfter(text: unknown): number {
  const [, hours, minutes, seconds] = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?$/.exec(String(text)) ?? [];
  return Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
}
