import { GetCostAndUsageResponse$ } from '@aws-sdk/client-cost-explorer';
import * as z from 'zod';
import { amountText, type Charge, chargesOf } from '../inventory/costs.ts';
import type { Knobs } from '../knobs.ts';
import { jsonRefusals } from './json-refusals.ts';
import { type Call, SampleError, type Service } from './operation.ts';

/** https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html */
const dimension = z.strictObject({
  Dimensions: z.strictObject({ Key: z.string(), Values: z.array(z.string()).min(1) }),
});
const inputSchema = z.strictObject({
  TimePeriod: z.strictObject({ Start: z.iso.date(), End: z.iso.date() }),
  Granularity: z.enum(['DAILY', 'MONTHLY']),
  Metrics: z.array(z.enum(['UnblendedCost', 'BlendedCost', 'AmortizedCost'])).min(1),
  GroupBy: z
    .array(z.strictObject({ Type: z.literal('DIMENSION'), Key: z.string() }))
    .max(2)
    .default([]),
  Filter: z.union([dimension, z.strictObject({ And: z.array(dimension).min(2) })]).optional(),
  NextPageToken: z.string().optional(),
});
type Input = z.infer<typeof inputSchema>;

const invalid = (message: string): SampleError => new SampleError(400, 'ValidationException', message);

/** The dimensions that lines of the bill have here. */
const DIMENSIONS: Readonly<Record<string, (charge: Charge) => string>> = {
  SERVICE: ({ service }) => service,
  REGION: ({ region }) => region,
  LINKED_ACCOUNT: ({ account }) => account,
  RECORD_TYPE: ({ type }) => type,
};

function dimensionOf(key: string): (charge: Charge) => string {
  const found = DIMENSIONS[key];
  if (found === undefined) throw invalid(`The dimension ${key} is not known here.`);
  return found;
}

const firstOfMonth = (now: number, months: number): string => {
  const date = new Date(now);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1)).toISOString().slice(0, 10);
};

/** How far back days are kept, in months. */
const MONTHS = 14;

function checked(call: Call, now: number): Input {
  const body: unknown = JSON.parse(Buffer.from(call.body ?? []).toString() || '{}');
  const input = inputSchema.safeParse(body);
  if (!input.success) throw invalid(z.prettifyError(input.error).replaceAll('\n', ' '));
  const { Start, End } = input.data.TimePeriod;
  if (Start >= End) throw invalid('Start date (and hour) should be before end date (and hour)');
  if (End > firstOfMonth(now, 1)) throw invalid('end date past the beginning of next month');
  if (Start < firstOfMonth(now, -MONTHS)) {
    throw invalid(`You haven't enabled historical data beyond ${MONTHS} months`);
  }
  return input.data;
}

function filtered(charges: readonly Charge[], { Filter }: Input): readonly Charge[] {
  const parts = Filter === undefined ? [] : 'And' in Filter ? Filter.And : [Filter];
  const tests = parts.map(({ Dimensions: { Key, Values } }) => ({ of: dimensionOf(Key), values: new Set(Values) }));
  return charges.filter((charge) => tests.every(({ of, values }) => values.has(of(charge))));
}

/** Days of the current month, and of the last until its bill is final on the fifth. */
const isEstimated = (day: string, now: number): boolean =>
  day >= firstOfMonth(now, new Date(now).getUTCDate() <= 5 ? -1 : 0);

/** Every group of every day, in order. */
function groupsOf(call: Call, input: Input, knobs: Knobs, now: number) {
  const keys = input.GroupBy.map(({ Key }) => dimensionOf(Key));
  const rows: { readonly day: string; readonly keys: readonly string[]; readonly amount: bigint }[] = [];
  const end = Date.parse(input.TimePeriod.End);
  for (let at = Date.parse(input.TimePeriod.Start); at < end; at += 24 * 3_600_000) {
    const day = new Date(at).toISOString().slice(0, 10);
    const lines = filtered(chargesOf(call.account, day, knobs, now), input);
    for (const [, [first, ...same]] of Map.groupBy(lines, (line) => keys.map((key) => key(line)).join('\0'))) {
      if (first === undefined) continue;
      const amount = same.reduce((sum, line) => sum + line.amount, first.amount);
      rows.push({ day, keys: keys.map((key) => key(first)), amount });
    }
  }
  return rows;
}

export const ce: Service = {
  ...jsonRefusals,
  name: 'ce',
  global: true,
  throttle: { status: 400, code: 'LimitExceededException' },
  operations: [
    {
      name: 'GetCostAndUsage',
      run(call) {
        const now = Date.now();
        const { knobs } = call;
        if (knobs === undefined) throw new TypeError('Costs are made by the knobs.');
        if (!knobs.costs.enabled)
          throw new SampleError(400, 'AccessDeniedException', 'User not enabled for cost explorer access');
        if (!knobs.costs.available)
          throw new SampleError(400, 'DataUnavailableException', 'The requested data is unavailable.');
        const input = checked(call, now);
        if (input.Granularity !== 'DAILY' || input.GroupBy.length === 0) {
          throw invalid('The sample cloud answers groups by day only.');
        }
        const all = groupsOf(call, input, knobs, now);
        const { items, next } = call.page(all, {
          size: undefined,
          token: input.NextPageToken,
          least: 1,
          most: 5000,
          otherwise: knobs.costs.pageGroups,
          codes: { size: 'ValidationException', token: 'InvalidNextTokenException' },
        });
        const ResultsByTime = [...Map.groupBy(items, ({ day }) => day)].map(([day, groups]) => ({
          TimePeriod: { Start: day, End: new Date(Date.parse(day) + 24 * 3_600_000).toISOString().slice(0, 10) },
          Total: {},
          Groups: groups.map(({ keys, amount }) => {
            const money = { Amount: amountText(amount), Unit: 'USD' };
            return { Keys: keys, Metrics: Object.fromEntries(input.Metrics.map((metric) => [metric, money])) };
          }),
          Estimated: isEstimated(day, now),
        }));
        return {
          schema: GetCostAndUsageResponse$,
          value: { GroupDefinitions: input.GroupBy, ResultsByTime, DimensionValueAttributes: [], NextPageToken: next },
        };
      },
    },
  ],
};
