import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { hashTenant, keys } from '../../functions/domain/keys.ts';
import { ISSUER } from '../../lib/local/account.ts';
import { type Knobs, MAIN_ACCOUNT, type SampleAws, startSampleAws } from '../../lib/local/clouds/aws/sample-aws.ts';
import type { TokenClaims } from '../../lib/local/tokens.ts';
import { startTwin, type Twin, type TwinOptions } from '../../lib/local/twin.ts';
import { testKnobs } from './knobs.ts';

/** One HTTP answer as a test looks at it. */
export interface Response {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined where it is not. */
  readonly json: unknown;
}

export interface RequestOptions {
  readonly token?: string | null;
  readonly claims?: TokenClaims;
  readonly body?: string | object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The stack on this machine next to a sample AWS, for one test file. */
export interface Deployment {
  readonly twin: Twin;
  readonly aws: SampleAws;
  readonly directory: string;
  /** Calls the API; the path is below the base path. A token of tenant `acme` unless told otherwise. */
  call(method: string, path: string, options?: RequestOptions): Promise<Response>;
  /** Connects the main sample account, or another body, and returns the provider's id. */
  connect(options?: RequestOptions): Promise<number>;
  /** Every item of the table. */
  items(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  document(): DynamoDBDocumentClient;
  /** What the functions logged, and the audit lines. */
  logs(): string;
  audit(): readonly Readonly<Record<string, unknown>>[];
  /** What went onto the event bus, as a rule's target gets it. */
  events(): readonly BusEvent[];
  stop(): Promise<void>;
}

export const mainBody = {
  name: 'Production AWS',
  accessKeyId: MAIN_ACCOUNT.accessKeyId,
  secretAccessKey: MAIN_ACCOUNT.secretAccessKey,
  region: 'us-east-1',
};

const busEvent = z.object({ source: z.string(), 'detail-type': z.string(), detail: z.record(z.string(), z.unknown()) });
export type BusEvent = z.infer<typeof busEvent>;

/** The lines of a log file of ours, one JSON object each. */
function linesOf<T>(file: string, schema: z.ZodType<T>): readonly T[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => schema.parse(JSON.parse(line)));
}

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export async function startDeployment(
  options: {
    readonly knobs?: Partial<Knobs>;
    readonly twin?: Partial<TwinOptions>;
    readonly aws?: SampleAws;
    /** `later`: no tick of this test reads the costs of what it connects, for tests that count jobs and calls. */
    readonly costs?: 'later';
  } = {},
): Promise<Deployment> {
  const aws = options.aws ?? (await startSampleAws({ knobs: { ...testKnobs, ...options.knobs } }));
  const directory = options.twin?.directory ?? mkdtempSync(join(tmpdir(), 'infraaudit-test-'));
  const context = { awsEndpoints: [{ url: aws.url }], ...options.twin?.context };
  const twin = await startTwin({ port: 0, tick: false, ...options.twin, directory, context });
  const { url, name } = twin.endpoints.table;
  const table = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: url, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }),
  );
  const call = async (method: string, path: string, request: RequestOptions = {}): Promise<Response> => {
    const token = request.token === undefined ? await twin.token({ tenant: 'acme', ...request.claims }) : request.token;
    const answer = await fetch(`${twin.apiUrl}${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...(request.body === undefined
        ? {}
        : { body: typeof request.body === 'string' ? request.body : JSON.stringify(request.body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, json: json(text) };
  };
  const postponeCosts = async (id: number, claims: TokenClaims): Promise<void> => {
    const key = keys.provider({ tenant: hashTenant(ISSUER, claims.tenant ?? ''), id });
    const UpdateExpression = 'SET due_costs = :never';
    const ExpressionAttributeValues = { ':never': '2999-01-01T00:00:00.000Z' };
    await table.send(
      new UpdateCommand({ TableName: name, Key: { ...key }, UpdateExpression, ExpressionAttributeValues }),
    );
  };
  return {
    twin,
    aws,
    directory,
    call,
    async connect(request = {}) {
      const answer = await call('POST', '/aws/connect', { body: mainBody, ...request });
      if (answer.status !== 201) throw new Error(`connect answered ${answer.status}: ${answer.text}`);
      const { id } = z.object({ id: z.number() }).parse(answer.json);
      if (options.costs === 'later') await postponeCosts(id, { tenant: 'acme', ...request.claims });
      return id;
    },
    async items() {
      const items: Record<string, unknown>[] = [];
      let from: Record<string, unknown> | undefined;
      do {
        const page = await table.send(
          new ScanCommand({ TableName: name, ...(from === undefined ? {} : { ExclusiveStartKey: from }) }),
        );
        items.push(...(page.Items ?? []));
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
      return items;
    },
    document: () => table,
    logs: () => readFileSync(join(directory, 'lambda.log'), 'utf8'),
    audit: () => linesOf(join(directory, 'audit.log'), z.record(z.string(), z.unknown())),
    events: () => linesOf(join(directory, 'events.log'), busEvent),
    async stop() {
      table.destroy();
      await twin.stop();
      if (options.aws === undefined) await aws.close();
      if (options.twin?.directory === undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}

const listed = z.object({
  key: z.string(),
  external_id: z.string(),
  name: z.string(),
  type: z.string(),
  region: z.string(),
  status: z.string(),
  first_seen_at: z.string(),
  last_seen_at: z.string().nullable(),
  removed_at: z.string().nullable(),
});
export type ListedResource = z.infer<typeof listed>;

/** The whole inventory of a provider by following the `next` links. */
export async function inventoryOf(
  deployment: Deployment,
  id: number,
  query = 'limit=100',
  claims: TokenClaims = {},
): Promise<ListedResource[]> {
  const all: ListedResource[] = [];
  let path: string | undefined = `/${id}/resources?${query}`;
  while (path !== undefined) {
    const answer: Response = await deployment.call('GET', path, { claims });
    if (answer.status !== 200) throw new Error(`resources answered ${answer.status}: ${answer.text}`);
    all.push(...z.array(listed).parse(answer.json));
    const next = /<[^?>]*(\?[^>]*)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
    path = next === undefined ? undefined : `/${id}/resources${next}`;
  }
  return all;
}

/** What the seed generated, as `type external_id`, sorted: what a complete inventory must hold, and nothing else. */
export function generated(aws: SampleAws, accountId: string): string[] {
  return Object.entries(aws.inventory(accountId))
    .flatMap(([type, regions]) => Object.values(regions).flatMap((ids) => ids.map((id) => `${type} ${id}`)))
    .sort();
}

export const found = (resources: readonly ListedResource[]): string[] =>
  resources.map(({ type, external_id }) => `${type} ${external_id}`).sort();
