import * as z from 'zod';
import type { Failure } from '../../domain/cloud.ts';
import type { CostRow, CostSource, Days } from '../../domain/cost-source.ts';
import type { AzureClient } from './clients.ts';
import { costFacts } from './facts.ts';
import { quoteNumbers } from './lossless-json.ts';
import { nextPath } from './next-link.ts';
import { AzureError, answerOf, classify, UnexpectedAnswerError } from './outcomes.ts';

const API_VERSION = '2023-11-01';
/** Cost Management counts calls by who makes them, beside counting them by subscription and tenant. */
const CLIENT_TYPE = 'InfraAudit';

/**
 * Actual costs by day, service and place: two dimensions are the most that one query can be grouped by. Its `Cost` is
 * net of refunds, which are rows below zero; what of it is a refund it does not say.
 * @see https://learn.microsoft.com/rest/api/cost-management/query/usage?view=rest-cost-management-2023-11-01
 */
const bodyOf = ({ from, to }: Days) => ({
  type: 'ActualCost',
  timeframe: 'Custom',
  timePeriod: { from: `${from}T00:00:00Z`, to: `${dayBefore(to)}T23:59:59Z` },
  dataset: {
    granularity: 'Daily',
    aggregation: { totalCost: { name: 'Cost', function: 'Sum' } },
    grouping: [
      { type: 'Dimension', name: 'ServiceName' },
      { type: 'Dimension', name: 'ResourceLocation' },
    ],
  },
});

/** As `quoteNumbers` leaves it: an amount and a day are texts. */
const answerSchema = z.object({
  properties: z.object({
    nextLink: z.string().nullish(),
    columns: z.array(z.object({ name: z.string() })),
    rows: z.array(z.array(z.unknown())),
  }),
});
const rowSchema = z.object({
  cost: z.string(),
  usagedate: z.string(),
  servicename: z.string(),
  resourcelocation: z.string().nullish(),
  currency: z.string().regex(/^[A-Za-z]{3}$/),
});

/** `$skiptoken` of a `nextLink`, which is all that the next call needs of it. */
const tokenSchema = z.string().max(1800);
const NOWHERE = new Set(['', 'unassigned', 'unknown']);
const DAY_MS = 86_400_000;

/** Opens the costs of a subscription. A query costs nothing, so there is no budget to keep. */
export function openCostManagement(client: AzureClient, subscription: string): CostSource {
  const path = `/subscriptions/${subscription}/providers/Microsoft.CostManagement/query`;
  return {
    async page(days, token) {
      const text = await client.call({
        method: 'POST',
        path: `${path}?api-version=${API_VERSION}${token === undefined ? '' : `&$skiptoken=${encodeURIComponent(token)}`}`,
        headers: { clienttype: CLIENT_TYPE },
        quota: costFacts.service,
        paged: token !== undefined,
        body: bodyOf(days),
      });
      const spent = { calls: 0, bytes: 0 };
      // 204: a subscription of which there is nothing to tell.
      if (text === '') return { rows: [], next: undefined, spent };
      const { nextLink, columns, rows } = answerOf(answerSchema, quoteNumbers(text)).properties;
      const names = columns.map(({ name }) => name.toLowerCase());
      const open = firstOpenDay();
      return {
        rows: rows.map((row) => costOf(Object.fromEntries(names.map((name, n) => [name, row[n]])), days, open)),
        next: nextLink ? skipTokenOf(nextLink, path) : undefined,
        spent,
      };
    },
    classify: classifyCosts,
    close: () => client.close(),
  };
}

/** 422: the subscription's offer is not one whose costs Cost Management keeps. */
function classifyCosts(error: unknown): Failure {
  const failure = classify(error, costFacts);
  if (!(error instanceof AzureError) || error.status !== 422) return failure;
  return { outcome: 'not_enabled', code: failure.code, retryable: false };
}

function skipTokenOf(link: string, path: string): string {
  const { searchParams } = new URL(`https://host.invalid${nextPath(link, path)}`);
  const [, token] = [...searchParams].find(([name]) => name.toLowerCase() === '$skiptoken') ?? [];
  const parsed = tokenSchema.safeParse(token);
  if (!parsed.success) throw new UnexpectedAnswerError('A link to the next page does not have its shape.');
  return parsed.data;
}

function costOf(cells: Readonly<Record<string, unknown>>, days: Days, open: string): CostRow {
  const row = rowSchema.safeParse(cells);
  const day = row.success ? dayOf(row.data.usagedate) : undefined;
  if (!row.success || day === undefined || day < days.from || day >= days.to) {
    throw new UnexpectedAnswerError('A row of costs does not have its shape.');
  }
  const { cost, servicename, resourcelocation, currency } = row.data;
  const place = resourcelocation ?? '';
  return {
    day,
    service: servicename === '' ? 'Unassigned' : servicename,
    region: NOWHERE.has(place.toLowerCase()) ? 'global' : place,
    currency: currency.toUpperCase(),
    amount: cost,
    estimated: day >= open,
  };
}

/** `20240115`, or `2024-01-15T00:00:00` from newer versions. */
function dayOf(text: string): string | undefined {
  const [, year, month, day] = /^(\d{4})-?(\d\d)-?(\d\d)(?:T[\d:.]+Z?)?$/.exec(text) ?? [];
  return year === undefined ? undefined : `${year}-${month}-${day}`;
}

const dayBefore = (day: string): string => new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10);

/** A month stays open for some days after its end; what is read of it until then may still change. */
function firstOpenDay(): string {
  const oldest = new Date(Date.now() - costFacts.openDays * DAY_MS).toISOString();
  return `${oldest.slice(0, 7)}-01`;
}
