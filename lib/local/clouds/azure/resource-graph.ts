import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { armRefusal, json, type Written } from './answers.ts';
import type { ArmRequest } from './arm.ts';
import type { Table } from './inventory/inventory.ts';
import { clockOf } from './quotas.ts';
import { allows } from './roles.ts';

const bodySchema = z.strictObject({
  subscriptions: z.array(z.string()).min(1),
  query: z.string(),
  options: z.strictObject({
    resultFormat: z.enum(['objectArray', 'table']).optional(),
    $top: z.int().min(1).max(1000).optional(),
    $skipToken: z.string().optional(),
  }),
});
/** What a skip token of ours holds, in base64: which query, and from which row on. */
const skipSchema = z.strictObject({ table: z.string(), from: z.int().nonnegative(), page: z.int().positive() });

const COLUMNS = 'id, name, type, location, kind, sku, tags, zones, managedBy, identity, properties';
/** The queries that it can answer. It reads no KQL: any other is refused as one that is badly written. */
const QUERIES: Readonly<Record<string, 'resources' | 'containers'>> = {
  [`resources | project ${COLUMNS} | order by id asc`]: 'resources',
  [`resourcecontainers | where type in~ ('microsoft.resources/subscriptions', 'microsoft.resources/subscriptions/resourcegroups') | project ${COLUMNS} | order by id asc`]:
    'containers',
};

/** Resource Graph's errors all read alike; what is wrong is in the details. */
const bad = (code: string, message: string) =>
  armRefusal(
    400,
    'BadRequest',
    `Please provide below info when asking for support: timestamp = ${new Date().toISOString()}, correlationId = ${randomUUID()}.`,
    { details: [{ code, message }] },
  );

export const graphThrottled = (headers: Readonly<Record<string, string>>) =>
  armRefusal(
    429,
    'RateLimiting',
    `Please provide below info when asking for support: timestamp = ${new Date().toISOString()}, correlationId = ${randomUUID()}.`,
    {
      details: [
        {
          code: 'RateLimiting',
          message:
            'Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.',
        },
      ],
      headers,
    },
  );

export const graphHeaders = ({ left, resetMs }: { left: number; resetMs: number }) => ({
  'x-ms-user-quota-remaining': String(left),
  'x-ms-user-quota-resets-after': clockOf(resetMs),
});

/** The subscription that is asked about. */
export function graphSubscription(body: string): string {
  const parsed = bodySchema.safeParse(parse(body));
  return (parsed.success ? parsed.data.subscriptions[0] : undefined) ?? '';
}

/** Which page a request is for, as far as its token says. */
export function graphPage(body: string): number {
  const parsed = bodySchema.safeParse(parse(body));
  const token = parsed.success ? parsed.data.options.$skipToken : undefined;
  return token === undefined ? 1 : (readSkip(token)?.page ?? 1);
}

/**
 * `POST /providers/Microsoft.ResourceGraph/resources`: rows that the principal may read, by id, a thousand at most.
 * @see https://learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources?view=rest-azureresourcegraph-resourcegraph-2022-10-01
 * @throws Refusal
 */
export function graphAnswer({ principal, knobs, body, inventory, loops, expired, unknown }: ArmRequest): Written {
  const parsed = bodySchema.safeParse(parse(body));
  if (!parsed.success) throw bad('InvalidQueryRequest', 'The request does not have its shape.');
  const { subscriptions, query, options } = parsed.data;
  const table = QUERIES[query];
  if (table === undefined) {
    unknown(`resourcegraph query ${query}`);
    throw bad(
      'InvalidQuery',
      'Query is invalid. Please refer to the documentation for the Azure Resource Graph service.',
    );
  }
  if (!subscriptions.includes(principal.subscriptionId)) {
    const text = `There must be at least one subscription that is eligible to contain resources. Given: '${subscriptions.join(',')}'.`;
    throw bad('NoValidSubscriptionsInQueryRequest', text);
  }
  const skip = options.$skipToken === undefined ? { table, from: 0, page: 1 } : readSkip(options.$skipToken);
  if (skip === undefined || skip.table !== table || (options.$skipToken !== undefined && expired())) {
    throw bad('InvalidSkipToken', 'The skip token is invalid or has expired.');
  }
  const rows = table === 'resources' ? inventory.resources : inventory.containers;
  const size = options.$top ?? 100;
  const { data, end } = read(rows, skip.from, size, (type) => allows(knobs, `${type}/read`));
  const more = end < rows.length;
  const next = loops ? { table, from: 0, page: 2 } : { table, from: end, page: skip.page + 1 };
  const token = (more || loops) && !knobs.truncate ? { $skipToken: writeSkip(next) } : {};
  return json(200, {
    totalRecords: rows.length,
    count: data.length,
    data,
    facets: [],
    resultTruncated: knobs.truncate ? 'true' : 'false',
    ...token,
  });
}

/** So many rows that may be seen, and where the next ones are. */
function read(table: Table, from: number, size: number, sees: (type: string) => boolean) {
  const known = new Map<string, boolean>();
  const data: unknown[] = [];
  let end = from;
  for (; end < table.length && data.length < size; end += 1) {
    const type = table.typeAt(end);
    const seen = known.get(type) ?? sees(type);
    known.set(type, seen);
    if (seen) data.push(table.rowAt(end));
  }
  return { data, end };
}

const writeSkip = (skip: z.infer<typeof skipSchema>): string => Buffer.from(JSON.stringify(skip)).toString('base64');
function readSkip(token: string): z.infer<typeof skipSchema> | undefined {
  return skipSchema.safeParse(parse(Buffer.from(token, 'base64').toString())).data;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
