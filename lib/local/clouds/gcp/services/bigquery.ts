import * as z from 'zod';
import { exporting, exportRows } from '../billing/export.ts';
import type { Job } from '../billing/jobs.ts';
import { COLUMNS, evaluate, readQuery } from '../billing/query.ts';
import { invalid, notFound, Refusal, refusal } from '../refusal.ts';
import { getDataset, listDatasets } from './datasets.ts';
import type { Call, Operation, Service } from './operation.ts';

const MIB = 1_048_576;
/** The least that a query is charged for each table. */
const LEAST_BILLED = 10 * MIB;
/** Bytes of a row in the columns that the query reads. */
const ROW_BYTES = 300;

const parameter = z.object({
  name: z.string(),
  parameterType: z.object({ type: z.literal('STRING') }),
  parameterValue: z.object({ value: z.string() }),
});
const insertSchema = z.object({
  jobReference: z.object({ jobId: z.string().regex(/^[A-Za-z0-9_-]{1,1024}$/), location: z.string().optional() }),
  configuration: z.object({
    jobTimeoutMs: z.string().optional(),
    query: z.object({
      query: z.string(),
      useLegacySql: z.literal(false),
      parameterMode: z
        .string()
        .transform((text) => text.toUpperCase())
        .pipe(z.literal('NAMED')),
      queryParameters: z.array(parameter),
      maximumBytesBilled: z.string().regex(/^\d+$/),
    }),
  }),
});

const accessDenied = (message: string): Refusal =>
  refusal('legacy', { status: 403, word: 'PERMISSION_DENIED', message, legacy: 'accessDenied' });

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/insert */
const insertJob: Operation = {
  name: 'jobs.insert',
  method: 'POST',
  path: '/bigquery/v2/projects/{project}/jobs',
  permission: 'bigquery.jobs.create',
  run(call) {
    const parsed = insertSchema.safeParse(call.body);
    if (!parsed.success) throw invalid('legacy', 'The job is not one that the sample cloud knows.');
    const { jobReference, configuration } = parsed.data;
    const { query } = configuration.query;
    const asked = readQuery(query);
    if (asked === undefined) {
      call.state.unknown.push(`bigquery jobs.insert ${query}`);
      throw refusal('legacy', {
        status: 400,
        word: 'INVALID_ARGUMENT',
        message: 'Syntax error: the sample cloud evaluates one query, and this is another.',
        legacy: 'invalidQuery',
      });
    }
    if (call.state.jobs.has(call.project.projectId, jobReference.jobId)) {
      const message = `Already Exists: Job ${call.project.projectId}:${jobReference.jobId}`;
      throw refusal('legacy', { status: 409, word: 'ALREADY_EXISTS', message, legacy: 'duplicate' });
    }
    const source = exporting(asked.dataset, asked.project);
    const job: Job = {
      id: jobReference.jobId,
      projectId: call.project.projectId,
      location: jobReference.location ?? source?.dataset.location ?? 'US',
      caller: call.caller,
      configuration: { ...configuration, jobType: 'QUERY' },
      created: Date.now(),
      result: resultOf(call, asked, configuration.query),
      waits: call.knobs.billing.waits,
    };
    call.state.jobs.add(job);
    return jobAnswer(job, 'RUNNING');
  },
};

/** Runs the query, or says why it fails; as the real one does, only when the job runs. */
function resultOf(
  call: Call,
  { project, dataset }: { readonly project: string; readonly dataset: string },
  query: z.infer<typeof insertSchema>['configuration']['query'],
): Job['result'] {
  const source = exporting(dataset, project);
  const { billing } = call.knobs;
  if (source === undefined || !billing.dataset) {
    return notFound('legacy', `Not found: Dataset ${project}:${dataset} was not found in location US`);
  }
  const table = `${project}:${dataset}.gcp_billing_export_v1_${source.billingAccount.replaceAll('-', '_')}`;
  if (!billing.table)
    return invalid('legacy', `${project}:${dataset}.gcp_billing_export_v1_* does not match any table.`);
  if (source.projectId !== call.project.projectId || call.denies('bigquery', 'tables.getData')) {
    const text = `User does not have permission to query table ${table}, or perhaps it does not exist.`;
    return accessDenied(`Access Denied: Table ${table}: ${text}`);
  }
  const values = new Map(query.queryParameters.map(({ name, parameterValue }) => [name, parameterValue.value]));
  const [from, to, of] = ['from', 'to', 'project'].map((name) => values.get(name) ?? '');
  const [start, end] = [Date.parse(from ?? ''), Date.parse(to ?? '')];
  if (Number.isNaN(start) || Number.isNaN(end) || values.size !== 3)
    return invalid('legacy', 'Query parameters are wrong.');
  // A Pacific day ends up to eight hours after the day in UTC.
  const rows = exportRows(source, call.knobs, start, end + 86_400_000, Date.now());
  const bytesBilled = Math.max(LEAST_BILLED, Math.ceil((rows.length * ROW_BYTES) / MIB) * MIB);
  if (BigInt(query.maximumBytesBilled) < BigInt(bytesBilled)) {
    const message = `Query exceeded limit for bytes billed: ${query.maximumBytesBilled}. ${bytesBilled} or higher required.`;
    return refusal('legacy', { status: 400, word: 'INVALID_ARGUMENT', message, legacy: 'bytesBilledLimitExceeded' });
  }
  return { rows: evaluate(rows, of ?? '', from ?? '', to ?? ''), bytesBilled };
}

const findJob = (call: Call): Job => {
  const [id, location] = [call.param('job') ?? '', call.param('location')];
  const job = call.state.jobs.find(call.project.projectId, id, location);
  if (job === undefined) throw notFound('legacy', `Not found: Job ${call.project.projectId}:${id}`);
  return job;
};

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/getQueryResults */
const getQueryResults: Operation = {
  name: 'jobs.getQueryResults',
  method: 'GET',
  path: '/bigquery/v2/projects/{project}/queries/{job}',
  permission: 'bigquery.jobs.create',
  run(call) {
    const job = findJob(call);
    const reference = { projectId: job.projectId, jobId: job.id, location: job.location };
    const common = { kind: 'bigquery#getQueryResultsResponse', etag: 'sample', jobReference: reference };
    if (job.waits > 0) {
      job.waits -= 1;
      return { ...common, jobComplete: false };
    }
    if (job.result instanceof Refusal) throw job.result;
    const { rows, bytesBilled } = job.result;
    const most = call.knobs.billing.pageRows;
    const limits = { size: 'maxResults', most: Number.MAX_SAFE_INTEGER, otherwise: most, cut: most };
    const { items, next } = call.page({ length: rows.length, slice: (from, to) => rows.slice(from, to) }, limits);
    return {
      ...common,
      jobComplete: true,
      schema: { fields: COLUMNS.map((name) => ({ name, type: 'STRING', mode: 'NULLABLE' })) },
      totalRows: String(rows.length),
      ...(items.length === 0 ? {} : { rows: items.map((row) => ({ f: row.map((value) => ({ v: value })) })) }),
      ...(next === undefined ? {} : { pageToken: next }),
      totalBytesProcessed: String(bytesBilled),
      cacheHit: false,
    };
  },
};

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/get */
const getJob: Operation = {
  name: 'jobs.get',
  method: 'GET',
  path: '/bigquery/v2/projects/{project}/jobs/{job}',
  permission: 'bigquery.jobs.create',
  run(call) {
    const job = findJob(call);
    return jobAnswer(job, job.waits > 0 ? 'RUNNING' : 'DONE');
  },
};

function jobAnswer(job: Job, state: 'RUNNING' | 'DONE'): unknown {
  const { result } = job;
  const created = String(job.created);
  const billed = result instanceof Refusal ? 0 : result.bytesBilled;
  const failed = result instanceof Refusal ? { reason: result.outcome, message: messageOf(result) } : undefined;
  const isDone = state === 'DONE';
  return {
    kind: 'bigquery#job',
    etag: 'sample',
    id: `${job.projectId}:${job.location}.${job.id}`,
    selfLink: `https://bigquery.googleapis.com/bigquery/v2/projects/${job.projectId}/jobs/${job.id}`,
    user_email: job.caller,
    configuration: job.configuration,
    jobReference: { projectId: job.projectId, jobId: job.id, location: job.location },
    status: { state, ...(isDone && failed !== undefined ? { errorResult: failed, errors: [failed] } : {}) },
    statistics: {
      creationTime: created,
      startTime: created,
      ...(isDone
        ? {
            endTime: created,
            totalBytesProcessed: String(billed),
            query: {
              totalBytesProcessed: String(billed),
              totalBytesBilled: String(billed),
              cacheHit: false,
              statementType: 'SELECT',
            },
          }
        : {}),
    },
  };
}

const messageSchema = z.object({ error: z.object({ message: z.string() }) });
const messageOf = ({ body }: Refusal): string => {
  const parsed = messageSchema.safeParse(body);
  return parsed.success ? parsed.data.error.message : '';
};

export const bigquery: Service = {
  name: 'bigquery',
  host: 'bigquery.googleapis.com',
  style: 'legacy',
  operations: [listDatasets, getDataset, insertJob, getQueryResults, getJob],
};
