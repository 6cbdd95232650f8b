import * as z from 'zod';
import type { Failure } from '../../domain/cloud.ts';
import type { CostPage, CostRow, CostSource, Days } from '../../domain/cost-source.ts';
import type { Secret } from '../../runtime/secret.ts';
import { GuardedBigQuery } from './bigquery.ts';
import { billingSql } from './billing-sql.ts';
import { GoogleClient } from './clients.ts';
import type { GcpCredentials } from './credentials.ts';
import { costFacts } from './facts.ts';
import { GoogleError, PageGoneError, UnexpectedAnswerError } from './google-error.ts';
import { classify } from './outcomes.ts';

/** A call that waits for a query is answered after ten seconds. */
const COSTS = { connect: 2000, request: 30_000, bytes: 30_000_000 } as const;
const ROWS = 10_000;
const JOB_TIMEOUT_MS = 300_000;
/** Calls that wait for one query: the job itself ends before. */
const MOST_WAITS = 40;

/** What may still be spent does not allow the query. */
class BudgetSpentError extends Error {
  override readonly name = 'BudgetSpentError';
}

/** Where the reading stands: a job, how often it was waited for, and the page of its result. */
const placeSchema = z.strictObject({
  job: z.string(),
  location: z.string().optional(),
  waits: z.int().nonnegative(),
  page: z.string().optional(),
});
type Place = z.infer<typeof placeSchema>;
const writePlace = (place: Place): string => JSON.stringify(place);

const rowSchema = z.object({
  day: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  service: z.string().nullable(),
  region: z.string(),
  currency: z.string(),
  month: z.string().nullable(),
  amount: z.string(),
  credits: z.string(),
});
const resultSchema = z.object({ jobComplete: z.boolean(), pageToken: z.string().optional() });
const bytes = z.coerce.number().nonnegative().optional();
const jobSchema = z.object({
  statistics: z.object({ query: z.object({ totalBytesBilled: bytes, totalBytesProcessed: bytes }).optional() }),
});

/** Opens the billing export of a project for one invocation. */
export function costs(credentials: Secret<GcpCredentials>, account: string): CostSource {
  const { billingDataset } = credentials.reveal();
  if (billingDataset === undefined) {
    const unavailable = { outcome: 'not_enabled', code: 'NOT_CONFIGURED', retryable: false } as const;
    const page = () => Promise.reject(new UnexpectedAnswerError('There is no billing export to read.'));
    return { unavailable, page, classify: classifyCosts, close: () => undefined };
  }
  const client = new GoogleClient(credentials, COSTS);
  const bigquery = new GuardedBigQuery(client, account);
  return {
    /** The first page begins the query and the others read its result: whoever reads one of them again pays nothing. */
    page: (days, token, budget) =>
      token === undefined
        ? begin(bigquery, { account, billingDataset }, days, budget.bytes)
        : read(bigquery, placeSchema.parse(JSON.parse(token))),
    classify: classifyCosts,
    close: () => client.close(),
  };
}

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/insert */
async function begin(
  bigquery: GuardedBigQuery,
  { account, billingDataset }: { readonly account: string; readonly billingDataset: string },
  { from, to }: Days,
  bytes: number,
): Promise<CostPage> {
  if (bytes < 1) throw new BudgetSpentError();
  const [job] = await bigquery.createQueryJob({
    query: billingSql(account, billingDataset),
    params: { from, to, project: account },
    // A query that would be charged more fails without a charge.
    maximumBytesBilled: String(Math.floor(bytes)),
    jobTimeoutMs: JOB_TIMEOUT_MS,
  });
  if (job.id === undefined) throw new UnexpectedAnswerError('The job has no id.');
  const place = { job: job.id, waits: 0, ...(job.location === undefined ? {} : { location: job.location }) };
  return { rows: [], next: writePlace(place), spent: { calls: 0, bytes: 0 } };
}

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/getQueryResults */
async function read(bigquery: GuardedBigQuery, place: Place): Promise<CostPage> {
  const job = bigquery.job(place.job, place.location === undefined ? {} : { location: place.location });
  const [rows, , answer] = await job.getQueryResults({
    autoPaginate: false,
    maxResults: ROWS,
    ...(place.page === undefined ? {} : { pageToken: place.page }),
  });
  const result = parsed(resultSchema, answer);
  if (!result.jobComplete) {
    if (place.waits >= MOST_WAITS) throw new GoogleError(408, { error: { errors: [{ reason: 'JOB_TIMEOUT' }] } });
    return { rows: [], next: writePlace({ ...place, waits: place.waits + 1 }), spent: { calls: 0, bytes: 0 } };
  }
  const { pageToken } = result;
  const next = pageToken === undefined || pageToken === '' ? undefined : writePlace({ ...place, page: pageToken });
  const openMonth = new Date().toISOString().slice(0, 7).replace('-', '');
  return {
    rows: parsed(z.array(rowSchema), rows).map((row) => toRow(row, openMonth)),
    next,
    // Said by the first page of the result alone: the others only hand out what is there.
    spent: { calls: 0, bytes: place.page === undefined ? await billed(job) : 0 },
  };
}

async function billed(job: ReturnType<GuardedBigQuery['job']>): Promise<number> {
  const [metadata] = await job.getMetadata();
  const { query } = parsed(jobSchema, metadata).statistics;
  // What is nothing may be left out.
  return query?.totalBytesBilled ?? query?.totalBytesProcessed ?? 0;
}

/** A row may change as long as its invoice is open. */
function toRow({ month, credits, ...row }: z.infer<typeof rowSchema>, openMonth: string): CostRow {
  return {
    ...row,
    service: row.service ?? 'unknown',
    currency: row.currency.toUpperCase(),
    credits,
    estimated: month === null || month >= openMonth,
  };
}

function parsed<T>(shape: z.ZodType<T>, value: unknown): T {
  const read = shape.safeParse(value);
  if (!read.success) throw new UnexpectedAnswerError("BigQuery's answer does not have its shape.");
  return read.data;
}

/** What an error of reading costs means. @see https://cloud.google.com/bigquery/docs/error-messages */
function classifyCosts(error: unknown): Failure {
  const failure = (outcome: 'failed' | 'not_enabled', code: string): Failure => ({ outcome, code, retryable: false });
  if (error instanceof BudgetSpentError) return failure('failed', 'BUDGET_SPENT');
  const { permissions } = costFacts;
  if (!(error instanceof GoogleError)) return classify(error, costFacts);
  const { reason, said } = error;
  if (reason === 'bytesBilledLimitExceeded') return failure('failed', 'BUDGET_SPENT');
  if (/does not match any table/i.test(said)) return failure('not_enabled', 'EXPORT_NOT_FOUND');
  // The result of a query is kept for a day, and the job for half a year.
  if (error.status === 404 && /not found: job/i.test(said)) return classify(new PageGoneError(), costFacts);
  if (reason === 'notFound') return failure('not_enabled', 'DATASET_NOT_FOUND');
  if (reason === 'stopped' || reason === 'timeout') return { ...failure('failed', reason), retryable: true };
  const isOfData = /access denied: (table|dataset)/i.test(said);
  return classify(error, { permissions: isOfData ? [...permissions].reverse() : permissions });
}
