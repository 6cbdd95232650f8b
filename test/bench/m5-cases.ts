import { BASE_PATH } from '../../functions/http/routes.ts';
import { REF } from './m5-fixture.ts';
import type { Algorithm, World } from './m5-world.ts';

/** How many requests each side makes. */
export interface Amount {
  /** Pairs of fresh processes, their samples taken together: how the collector falls differs from one to the next. */
  readonly pairs: number;
  /** Requests of a process before any counts: by then the compiler is done with them. */
  readonly warmUp: number;
  readonly batches: number;
  readonly batch: number;
}

/** A request that is measured. */
export interface Case {
  readonly name: string;
  /** Module in `functions/http/`, which is the function's name too. */
  readonly file: string;
  /** Below the base path. */
  readonly path: string;
  readonly algorithm: Algorithm;
  /** The partitions whose items it answers; what else it reads is for itself. */
  readonly shown: (world: World) => readonly string[];
  readonly amount: Amount;
  readonly quickAmount: Amount;
}

const one = {
  file: 'get-provider',
  path: '/{id}',
  shown: ({ fixture }: World) => [fixture.provider],
  amount: { pairs: 3, warmUp: 500, batches: 15, batch: 100 },
  quickAmount: { pairs: 1, warmUp: 300, batches: 6, batch: 100 },
} as const;

export const CASES: readonly Case[] = [
  { ...one, name: 'GET /{id}, HS256', algorithm: 'HS256' },
  { ...one, name: 'GET /{id}, ES256', algorithm: 'ES256' },
  {
    name: 'GET /{id}/resources',
    file: 'list-resources',
    path: '/{id}/resources',
    algorithm: 'HS256',
    shown: ({ fixture }) => fixture.resources,
    amount: { pairs: 3, warmUp: 100, batches: 20, batch: 20 },
    quickAmount: { pairs: 1, warmUp: 50, batches: 8, batch: 20 },
  },
];

/** What API Gateway hands on for it, payload format 2.0. */
export function eventOf(of: Case, token: string) {
  const path = `${BASE_PATH}${of.path.replace('{id}', String(REF.id))}`;
  const routeKey = `GET ${BASE_PATH}${of.path}`;
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: '',
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      host: 'api.example.com',
      'user-agent': 'bench',
      'x-amzn-trace-id': 'Root=1-00000000-000000000000000000000000',
      'x-forwarded-for': '192.0.2.1',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'bench',
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http: { method: 'GET', path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'bench' },
      requestId: 'bench',
      routeKey,
      stage: '$default',
      time: '15/Jan/2026:10:00:00 +0000',
      timeEpoch: Date.now(),
    },
    pathParameters: { id: String(REF.id) },
    isBase64Encoded: false,
  };
}
