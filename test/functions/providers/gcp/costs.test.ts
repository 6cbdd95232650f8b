import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Failure } from '../../../../functions/domain/cloud.ts';
import type { CostRow, CostSource, Days, Spent } from '../../../../functions/domain/cost-source.ts';
import { billingSql } from '../../../../functions/providers/gcp/billing-sql.ts';
import { costs } from '../../../../functions/providers/gcp/costs.ts';
import { costFacts } from '../../../../functions/providers/gcp/facts.ts';
import { HOSTS } from '../../../../functions/providers/gcp/hosts.ts';
import { collecting } from '../../../../functions/providers/gcp/session.ts';
import { defaultKnobs } from '../../../../lib/local/clouds/gcp/knobs.ts';
import {
  EXAMPLE_PROJECT,
  type Knobs,
  MAIN_PROJECT,
  type SampleGcp,
} from '../../../../lib/local/clouds/gcp/sample-gcp.ts';
import { serve } from '../../../../lib/local/loopback.ts';
import { mainCredentials, sendTo, startGcp } from './sample.ts';

let sample: SampleGcp;
beforeAll(async () => {
  sample = await startGcp();
});
afterAll(() => sample?.close());
afterEach(() => {
  expect(sample.unknownCalls()).toEqual([]);
  sample.turn(defaultKnobs);
  sample.resetCalls();
  sendTo(sample.settings.endpoints ?? []);
});

const BUDGET: Spent = { calls: 0, bytes: 1e9 };
const DAYS: Days = { from: '2026-10-20', to: '2026-11-10' };
const billing = (change: Partial<Knobs['billing']>) => sample.turn({ billing: { ...defaultKnobs.billing, ...change } });
const operations = () =>
  sample
    .calls()
    .flatMap(({ service, operation, outcome }) => (service === 'oauth2' ? [] : [`${operation} ${outcome}`]));

async function within<T>(run: (source: CostSource) => Promise<T>, change: object = {}): Promise<T> {
  const source = costs(mainCredentials(sample, change), MAIN_PROJECT.projectId);
  try {
    return await run(source);
  } finally {
    source.close();
  }
}

async function readAll(source: CostSource, days = DAYS, budget = BUDGET) {
  const rows: CostRow[] = [];
  const tokens: string[] = [];
  let bytes = 0;
  let token: string | undefined;
  do {
    const page = await source.page(days, token, budget);
    rows.push(...page.rows);
    bytes += page.spent.bytes;
    expect(page.spent.calls).toBe(0);
    token = page.next;
    if (token !== undefined) tokens.push(token);
  } while (token !== undefined);
  return { rows, tokens, bytes };
}
const read = (days = DAYS, budget = BUDGET) => within((source) => readAll(source, days, budget));
const failure = (days = DAYS, budget = BUDGET, change: object = {}): Promise<Failure | undefined> =>
  within(
    (source) =>
      readAll(source, days, budget).then(
        () => undefined,
        (error: unknown) => source.classify(error),
      ),
    change,
  );

/** Sums by hand, in units of the ninth decimal; a text that is no decimal of at most nine places is an error. */
function units(text: string): bigint {
  const [, sign = '', whole = '', decimals = ''] = /^(-?)(\d+)(?:\.(\d{1,9}))?$/.exec(text) ?? [];
  if (whole === '') throw new TypeError(`${text} is no decimal`);
  return BigInt(`${sign}${whole}${decimals.padEnd(9, '0')}`);
}
const totalOf = (rows: readonly CostRow[], of: 'amount' | 'credits' = 'amount'): bigint =>
  rows.reduce((sum, row) => sum + units(row[of] ?? ''), 0n);
const rounded = (value: number): bigint => units(value.toFixed(9));

const pacific = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Los_Angeles', dateStyle: 'short' });
/** What the export holds of a project in a span of Pacific days. */
const exported = (days: Days, project = MAIN_PROJECT.projectId) =>
  sample
    .bill(MAIN_PROJECT, Date.parse(days.from), Date.parse(days.to) + 86_400_000)
    .filter((row) => row.project === project)
    .filter(({ usage_start_time: at }) => pacific.format(at) >= days.from && pacific.format(at) < days.to);

describe('reading', () => {
  test('the sum is exactly that of the export’s rows and credits, day by day', async () => {
    const { rows } = await read();
    const truth = exported(DAYS);
    expect(truth.length).toBeGreaterThan(500);
    const creditsOf = (list: typeof truth) =>
      list.flatMap(({ credits }) => credits).reduce((sum, one) => sum + rounded(one), 0n);
    const costOf = (list: typeof truth) => list.reduce((sum, { cost }) => sum + rounded(cost), 0n);
    expect(totalOf(rows)).toBe(costOf(truth) + creditsOf(truth));
    expect(totalOf(rows, 'credits')).toBe(creditsOf(truth));
    for (const day of new Set(rows.map((row) => row.day))) {
      const ofDay = truth.filter(({ usage_start_time: at }) => pacific.format(at) === day);
      expect(totalOf(rows.filter((row) => row.day === day))).toBe(costOf(ofDay) + creditsOf(ofDay));
    }
  });

  test('days are those of the bills: a row of 3 o’clock UTC belongs to the day before', async () => {
    const oneDay = { from: '2026-11-03', to: '2026-11-04' };
    const { rows } = await read(oneDay);
    expect(new Set(rows.map(({ day }) => day))).toEqual(new Set(['2026-11-03']));
    const hours = new Set(exported(oneDay).map(({ usage_start_time: at }) => at.toISOString().slice(8, 13)));
    expect(hours).toEqual(new Set(['03T15', '04T03']));
  });

  test('spans next to each other neither share nor lose a row', async () => {
    const whole = await read();
    const left = await read({ from: DAYS.from, to: '2026-11-01' });
    const right = await read({ from: '2026-11-01', to: DAYS.to });
    expect([...left.rows, ...right.rows]).toEqual(whole.rows);
  });

  test('neither other projects of the billing account nor costs of none are counted', async () => {
    expect(exported(DAYS, 'another-project').length).toBeGreaterThan(10);
    const { rows } = await read();
    expect(rows.some(({ service }) => service === 'Invoice')).toBe(false);
  });

  test('amounts are decimals with no float in them, credits are within the amount, refunds are negative', async () => {
    const { rows } = await read();
    for (const { amount, credits } of rows) {
      expect(amount).toMatch(/^-?\d+(\.\d{1,9})?$/);
      expect(units(credits ?? '')).toBeLessThanOrEqual(0n);
    }
    expect(rows.some(({ credits }) => units(credits ?? '') < 0n)).toBe(true);
    const refund = rows.find(({ amount }) => amount.startsWith('-'));
    expect(refund).toMatchObject({ service: 'Support', region: 'global', amount: '-0.123456789' });
  });

  test('a row is final when the month of its invoice is over', async () => {
    const { rows } = await read();
    const month = new Date().toISOString().slice(0, 7);
    for (const { day, estimated } of rows) expect(estimated).toBe(day.slice(0, 7) >= month);
  });

  test('late data are in the next reading, once, and a second reading says the same', async () => {
    const before = await read();
    expect((await read()).rows).toEqual(before.rows);
    const late = { day: '2026-10-25', service: 'Cloud Storage', region: 'us-central1', currency: 'USD' };
    billing({
      late: [
        { ...late, cost: 0.1, credits: [-0.02] },
        { ...late, cost: 0.2, credits: [] },
      ],
    });
    const after = await read();
    expect(totalOf(after.rows) - totalOf(before.rows)).toBe(units('0.28'));
    expect(after.rows.length).toBe(before.rows.length);
  });

  test('two currencies on one day are two rows, and are never added', async () => {
    const late = { day: '2026-10-25', service: 'Cloud Storage', region: 'us-central1', credits: [] };
    billing({ late: [{ ...late, currency: 'EUR', cost: 7.5 }] });
    const { rows } = await read({ from: '2026-10-25', to: '2026-10-26' });
    const both = rows.filter(({ service, region }) => service === late.service && region === late.region);
    expect(both.map(({ currency }) => currency)).toEqual(['EUR', 'USD']);
    expect(both[0]?.amount).toBe('7.5');
  });

  test('values that floats cannot hold are rounded once each, at the ninth decimal', async () => {
    const late = { day: '2026-10-25', service: 'Drift', region: null, currency: 'USD', credits: [] };
    billing({ late: Array.from({ length: 10 }, () => ({ ...late, cost: 0.1 })) });
    const { rows } = await read({ from: '2026-10-25', to: '2026-10-26' });
    expect(rows.find(({ service }) => service === 'Drift')).toMatchObject({ amount: '1', region: 'global' });
    // Ten times a tenth is not one in floats.
    expect(Array.from({ length: 10 }, () => 0.1).reduce((sum, one) => sum + one, 0)).not.toBe(1);
  });

  test('an export without a row in the span is no row', async () => {
    expect((await read({ from: '2020-01-01', to: '2020-01-01' })).rows).toEqual([]);
  });
});

describe('pages', () => {
  test('the query is begun once, and every page of its result is read in its own place', async () => {
    billing({ pageRows: 100 });
    const { rows, tokens, bytes } = await read();
    expect(totalOf(rows)).toBe(totalOf((await read()).rows));
    expect(tokens).toHaveLength(Math.ceil(rows.length / 100));
    for (const token of tokens) expect(token.length).toBeLessThan(512);
    expect(tokens[0]).toContain('"location":"EU"');
    expect(bytes).toBe(10_485_760);
    expect(operations().filter((one) => one === 'jobs.insert ok')).toHaveLength(2);
  });

  test('a page that is read again, by another process too, says the same and runs nothing', async () => {
    billing({ pageRows: 100 });
    const whole = await read();
    sample.resetCalls();
    const again = await within((source) => source.page(DAYS, whole.tokens[1], BUDGET));
    expect(again.rows).toEqual(whole.rows.slice(100, 200));
    expect(operations()).toEqual(['jobs.getQueryResults ok']);
  });

  test('a query that takes its time is waited for, a call at a time, and never with the same token twice', async () => {
    billing({ waits: 3 });
    const { tokens, rows, bytes } = await read();
    expect(new Set(tokens).size).toBe(4);
    expect(rows.length).toBeGreaterThan(0);
    expect(bytes).toBe(10_485_760);
  });

  test('a query that never ends is given up', async () => {
    billing({ waits: 1000 });
    expect(await failure()).toEqual({ outcome: 'failed', code: 'JOB_TIMEOUT', retryable: true });
  });

  test('a result that is gone begins anew', async () => {
    const token = JSON.stringify({ job: 'no-such-job', location: 'EU', waits: 0 });
    const failed = await within((source) =>
      source.page(DAYS, token, BUDGET).then(
        () => undefined,
        (error: unknown) => source.classify(error),
      ),
    );
    expect(failed).toMatchObject({ outcome: 'failed', restart: true });
  });
});

describe('the query', () => {
  const TEXT = `SELECT
  day, service, region, currency, month,
  CAST(SUM(cost) + SUM(credits) AS STRING) AS amount,
  CAST(SUM(credits) AS STRING) AS credits
FROM (
  SELECT
    CAST(DATE(e.usage_start_time, 'America/Los_Angeles') AS STRING) AS day,
    e.service.description AS service,
    COALESCE(e.location.region, e.location.location, 'global') AS region,
    e.currency,
    e.invoice.month AS month,
    CAST(e.cost AS NUMERIC) AS cost,
    IFNULL((SELECT SUM(CAST(c.amount AS NUMERIC)) FROM UNNEST(e.credits) AS c), 0) AS credits
  FROM \`sample-project-1.billing_export.gcp_billing_export_v1_*\` AS e
  WHERE _PARTITIONTIME >= TIMESTAMP(@from)
    AND DATE(e.usage_start_time, 'America/Los_Angeles') >= DATE(@from)
    AND DATE(e.usage_start_time, 'America/Los_Angeles') < DATE(@to)
    AND e.project.id = @project
)
GROUP BY day, service, region, currency, month
ORDER BY day, service, region, currency, month`;

  test('is this text with these parameters and this limit, and nothing else is sent', async () => {
    const bodies: unknown[] = [];
    const endpoint = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        bodies.push({ method: request.method, url: request.url, body: JSON.parse(body) });
        response.end(JSON.stringify({ jobReference: { jobId: 'job', location: 'EU' }, status: { state: 'RUNNING' } }));
      });
    });
    sendTo([{ host: HOSTS.bigquery, url: endpoint.url }, ...(sample.settings.endpoints ?? [])]);
    await within((source) => source.page(DAYS, undefined, { calls: 0, bytes: 123_456_789.9 }));
    await endpoint.close();
    const parameter = (name: string, value: string) => ({
      name,
      parameterType: { type: 'STRING' },
      parameterValue: { value },
    });
    expect(bodies).toEqual([
      {
        method: 'POST',
        url: '/bigquery/v2/projects/sample-project-1/jobs',
        body: {
          jobReference: { projectId: 'sample-project-1', jobId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
          configuration: {
            jobTimeoutMs: '300000',
            query: {
              query: TEXT,
              useLegacySql: false,
              maximumBytesBilled: '123456789',
              parameterMode: expect.stringMatching(/^named$/i),
              queryParameters: [
                parameter('from', DAYS.from),
                parameter('to', DAYS.to),
                parameter('project', 'sample-project-1'),
              ],
            },
          },
        },
      },
    ]);
  });

  test('cannot be made with an identifier that would end its quotes', () => {
    for (const [project, dataset] of [
      ['a`b--------', 'x'],
      ['sample-project-1', 'x` UNION ALL'],
      ['sample-project-1', 'a.b'],
      ['', 'x'],
    ] as const) {
      expect(() => billingSql(project, dataset)).toThrow(TypeError);
    }
  });
});

describe('the budget', () => {
  test('what is left is the most that the query may be charged, and what it was charged is told', async () => {
    expect((await read(DAYS, { calls: 0, bytes: 10_485_760 })).bytes).toBe(10_485_760);
  });

  test('a query that would be charged more is BUDGET_SPENT, and costs nothing', async () => {
    expect(await failure(DAYS, { calls: 0, bytes: 10_485_759 })).toEqual({
      outcome: 'failed',
      code: 'BUDGET_SPENT',
      retryable: false,
    });
  });

  test('with nothing left nothing is called', async () => {
    for (const bytes of [0, 0.5, -1]) {
      expect(await failure(DAYS, { calls: 0, bytes })).toMatchObject({ code: 'BUDGET_SPENT' });
    }
    expect(sample.calls()).toEqual([]);
  });
});

describe('an export that is not there', () => {
  test('without a data set costs are not configured, and nothing is called', async () => {
    await within(
      async (source) => {
        expect(source.unavailable).toEqual({ outcome: 'not_enabled', code: 'NOT_CONFIGURED', retryable: false });
        await expect(source.page(DAYS, undefined, BUDGET)).rejects.toThrow();
      },
      { billingDataset: '' },
    );
    expect(sample.calls()).toEqual([]);
  });

  const cases: [string, Partial<Knobs>, Partial<Failure>][] = [
    [
      'a data set that is absent',
      { billing: { ...defaultKnobs.billing, dataset: false } },
      { outcome: 'not_enabled', code: 'DATASET_NOT_FOUND', retryable: false },
    ],
    [
      'a data set that holds no export yet',
      { billing: { ...defaultKnobs.billing, table: false } },
      { outcome: 'not_enabled', code: 'EXPORT_NOT_FOUND', retryable: false },
    ],
    [
      'a data set that is forbidden',
      { deny: [{ service: 'bigquery', operation: 'tables.getData' }] },
      { outcome: 'denied', code: 'accessDenied', permission: 'bigquery.tables.getData', retryable: false },
    ],
    [
      'queries that are forbidden',
      { deny: [{ service: 'bigquery', operation: 'jobs.insert' }] },
      { outcome: 'denied', permission: 'bigquery.jobs.create', deniedBy: 'identity', retryable: false },
    ],
    [
      'an API that is switched off',
      { disabledServices: ['bigquery'] },
      { outcome: 'not_enabled', code: 'SERVICE_DISABLED', retryable: false },
    ],
    [
      'a quota',
      { throttle: [{ service: 'bigquery' }] },
      { outcome: 'throttled', code: 'rateLimitExceeded', retryable: true },
    ],
    ['an outage', { down: [{ service: 'bigquery' }] }, { outcome: 'failed', retryable: true }],
    [
      'a disabled account',
      { disabledAccounts: [MAIN_PROJECT.clientEmail] },
      { outcome: 'failed', credentialsRejected: true },
    ],
  ];
  for (const [what, knobs, expected] of cases) {
    test(`${what} is told as such`, async () => {
      sample.turn(knobs);
      expect(await failure()).toMatchObject(expected);
    });
  }

  test('a data set of another name is one that is absent', async () => {
    expect(await failure(DAYS, BUDGET, { billingDataset: 'no_such_dataset' })).toMatchObject({
      code: 'DATASET_NOT_FOUND',
    });
  });

  test('a job that has failed at once, and an answer of another shape', async () => {
    const answers: [unknown, Partial<Failure>][] = [
      [
        {
          status: { state: 'DONE', errorResult: { reason: 'accessDenied', message: 'Access Denied: Dataset p:d: no' } },
        },
        { outcome: 'denied', permission: 'bigquery.tables.getData' },
      ],
      [
        { status: { state: 'DONE', errorResult: { reason: 'notFound', message: 'Not found: Dataset p:d' } } },
        { outcome: 'not_enabled' },
      ],
      [
        { status: { state: 'DONE', errorResult: { reason: 'quotaExceeded', message: 'Quota exceeded' } } },
        { outcome: 'throttled' },
      ],
      [
        { jobReference: { jobId: 'j' }, status: {}, jobComplete: 'perhaps' },
        { outcome: 'failed', code: 'UNEXPECTED_ANSWER' },
      ],
    ];
    for (const [body, expected] of answers) {
      const endpoint = await serve((_, response) => response.end(JSON.stringify(body)));
      sendTo([{ host: HOSTS.bigquery, url: endpoint.url }, ...(sample.settings.endpoints ?? [])]);
      expect(await failure()).toMatchObject(expected);
      await endpoint.close();
    }
  });
});

test('both ways to the source are the same, and the other project has an export of its own', async () => {
  const source = await collecting.openCosts?.(
    mainCredentials(sample, sample.bodies.example),
    EXAMPLE_PROJECT.projectId,
  );
  if (source === undefined) throw new TypeError('no costs');
  const { rows, tokens } = await readAll(source);
  source.close();
  expect(rows.length).toBeGreaterThan(100);
  expect(z.object({ location: z.string() }).parse(JSON.parse(tokens[0] ?? '')).location).toBe('US');
  expect(costFacts).toMatchObject({ firstDays: 90, openDays: 3, openMonth: true });
});
