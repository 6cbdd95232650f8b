import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { armRefusal, type Written } from './answers.ts';
import type { ArmRequest } from './arm.ts';
import { costsOf, type SampleCost } from './costs.ts';

/** The one query that it can answer. */
const bodySchema = z.strictObject({
  type: z.literal('ActualCost'),
  timeframe: z.literal('Custom'),
  timePeriod: z.strictObject({
    from: z.string().regex(/^\d{4}-\d\d-\d\dT00:00:00Z$/),
    to: z.string().regex(/^\d{4}-\d\d-\d\dT23:59:59Z$/),
  }),
  dataset: z.strictObject({
    granularity: z.literal('Daily'),
    aggregation: z.strictObject({ totalCost: z.strictObject({ name: z.literal('Cost'), function: z.literal('Sum') }) }),
    grouping: z.tuple([
      z.strictObject({ type: z.literal('Dimension'), name: z.literal('ServiceName') }),
      z.strictObject({ type: z.literal('Dimension'), name: z.literal('ResourceLocation') }),
    ]),
  }),
});
const DAY_MS = 86_400_000;
const COLUMNS = [
  { name: 'Cost', type: 'Number' },
  { name: 'UsageDate', type: 'Number' },
  { name: 'ServiceName', type: 'String' },
  { name: 'ResourceLocation', type: 'String' },
  { name: 'Currency', type: 'String' },
];

/** @see https://learn.microsoft.com/azure/cost-management-billing/automate/get-small-usage-datasets-on-demand#latency-and-rate-limits */
export const costsThrottled = () =>
  armRefusal(429, '429', 'Too many requests. Please retry after 5 seconds.', {
    headers: {
      'x-ms-ratelimit-microsoft.costmanagement-entity-retry-after': '5',
      'x-ms-ratelimit-microsoft.costmanagement-tenant-retry-after': '1',
      'x-ms-ratelimit-microsoft.costmanagement-clienttype-retry-after': '1',
    },
  });

/** Which page a request is for, as far as its token says. */
export const costPage = (query: URLSearchParams): number =>
  Number(/^page-(\d+)-/.exec(query.get('$skiptoken') ?? '')?.[1] ?? 1);

/**
 * `POST …/providers/Microsoft.CostManagement/query`, amounts as JSON numbers.
 * @see https://learn.microsoft.com/rest/api/cost-management/query/usage?view=rest-cost-management-2023-11-01
 * @throws Refusal
 */
export function costAnswer({ principal, knobs, body, query, headers, path, loops, unknown }: ArmRequest): Written {
  const parsed = bodySchema.safeParse(parse(body));
  if (headers.clienttype === undefined || headers.clienttype === '') {
    throw armRefusal(400, 'BadRequest', 'The sample wants a ClientType header, which Azure counts calls by.');
  }
  if (!parsed.success) {
    unknown(`costmanagement query ${body}`);
    throw armRefusal(400, 'BadRequest', 'Invalid query definition.');
  }
  const { from, to } = parsed.data.timePeriod;
  const end = new Date(Date.parse(to.slice(0, 10)) + DAY_MS).toISOString().slice(0, 10);
  if (from >= to) throw armRefusal(400, 'BadRequest', 'Invalid query definition: The time period is not valid.');
  const rows = costsOf(principal, knobs, from.slice(0, 10), end);
  const token = query.get('$skiptoken');
  const match = token === null ? undefined : /^page-(\d+)-(\d+)$/.exec(token);
  if (match === null) throw armRefusal(400, 'BadRequest', 'The skip token is not valid.');
  const [page, start] = [Number(match?.[1] ?? 1), Number(match?.[2] ?? 0)];
  const stop = start + knobs.costPage;
  const more = stop < rows.length || loops;
  const link = `https://${knobs.linkHost ?? 'management.azure.com'}${path}?api-version=${query.get('api-version')}&$skiptoken=page-${loops ? 2 : page + 1}-${loops ? 0 : stop}`;
  const name = randomUUID();
  const properties = `{"nextLink":${more ? JSON.stringify(link) : 'null'},"columns":${JSON.stringify(COLUMNS)},"rows":[${rows.slice(start, stop).map(write).join(',')}]}`;
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: `{"id":${JSON.stringify(`${path.slice(1)}/${name}`)},"name":"${name}","type":"Microsoft.CostManagement/query","location":null,"sku":null,"eTag":null,"properties":${properties}}`,
  };
}

/** A day is a number as well: 20240115. */
const write = ({ amount, day, service, region, currency }: SampleCost): string =>
  `[${amount},${day.replaceAll('-', '')},${JSON.stringify(service)},${JSON.stringify(region)},${JSON.stringify(currency)}]`;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
