import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { CostRow, CostSource, Days } from '../../../../functions/domain/cost-source.ts';
import { addDays, dayOf } from '../../../../functions/domain/days.ts';
import { exactDecimal, sumOf } from '../../../../functions/domain/decimal.ts';
import { open } from '../../../../functions/providers/aws/costs.ts';
import { CLOUD_DEFAULTS } from '../../../../functions/runtime/links.ts';
import { Secret } from '../../../../functions/runtime/secret.ts';
import { environmentOf } from '../../../../functions/runtime/settings.ts';
import { amountText, chargesOf, MEMBER_ACCOUNT } from '../../../../lib/local/clouds/aws/inventory/costs.ts';
import { defaultKnobs, type Knobs } from '../../../../lib/local/clouds/aws/knobs.ts';
import { MAIN_ACCOUNT, type SampleAws, startSampleAws } from '../../../../lib/local/clouds/aws/sample-aws.ts';

const BUDGET = { calls: 1, bytes: 0 };
const sourceAt = (url: string, account = MAIN_ACCOUNT.accountId): CostSource => {
  Object.assign(process.env, environmentOf('clouds', { ...CLOUD_DEFAULTS, awsEndpoints: [{ url }] }));
  const { accessKeyId, secretAccessKey } = MAIN_ACCOUNT;
  return open(new Secret({ v: 1, form: 'key', accessKeyId, secretAccessKey, region: 'eu-west-1' }), account);
};

/** Every page of a span. */
async function readAll(source: CostSource, days: Days): Promise<{ readonly rows: CostRow[]; readonly pages: number }> {
  const rows: CostRow[] = [];
  let token: string | undefined;
  let pages = 0;
  do {
    const page = await source.page(days, token, BUDGET);
    expect(page.spent).toEqual({ calls: 1, bytes: 0 });
    rows.push(...page.rows);
    token = page.next;
    pages += 1;
  } while (token !== undefined);
  source.close();
  return { rows, pages };
}

describe('on the wire', () => {
  let server: Server;
  let url = '';
  let requests: { readonly target: unknown; readonly body: unknown }[] = [];
  let answers: { readonly status: number; readonly body: object }[] = [];
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of request) chunks.push(chunk);
      requests.push({ target: request.headers['x-amz-target'], body: JSON.parse(Buffer.concat(chunks).toString()) });
      const { status, body } = answers[requests.length - 1] ?? { status: 500, body: {} };
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    requests = [];
  });

  /** https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html#API_GetCostAndUsage_Examples */
  const published = {
    GroupDefinitions: [
      { Key: 'SERVICE', Type: 'DIMENSION' },
      { Key: 'Environment', Type: 'TAG' },
    ],
    ResultsByTime: [
      {
        Estimated: false,
        Groups: [
          {
            Keys: ['Amazon Simple Storage Service', 'Environment$Prod'],
            Metrics: {
              BlendedCost: { Amount: '39.1603300457', Unit: 'USD' },
              UnblendedCost: { Amount: '39.1603300457', Unit: 'USD' },
              UsageQuantity: { Amount: '173842.5440074444', Unit: 'N/A' },
            },
          },
          {
            Keys: ['Amazon Simple Storage Service', 'Environment$Test'],
            Metrics: {
              BlendedCost: { Amount: '0.1337464807', Unit: 'USD' },
              UnblendedCost: { Amount: '0.1337464807', Unit: 'USD' },
              UsageQuantity: { Amount: '15992.0786663399', Unit: 'N/A' },
            },
          },
        ],
        TimePeriod: { End: '2017-10-01', Start: '2017-09-01' },
        Total: {},
      },
    ],
  };

  test('AWS’s published answer is read, and the question says whose costs, by day, and never past its last day', async () => {
    answers = [
      { status: 200, body: published },
      { status: 200, body: { ResultsByTime: [] } },
    ];
    const days = { from: '2017-09-01', to: '2017-10-01' };
    const { rows } = await readAll(sourceAt(url), days);
    expect(
      rows.map(({ day, service, currency, amount, credits, estimated }) => [
        day,
        service,
        currency,
        amount,
        credits,
        estimated,
      ]),
    ).toEqual([
      ['2017-09-01', 'Amazon Simple Storage Service', 'USD', '39.1603300457', '0', false],
      ['2017-09-01', 'Amazon Simple Storage Service', 'USD', '0.1337464807', '0', false],
    ]);
    const own = { Dimensions: { Key: 'LINKED_ACCOUNT', Values: [MAIN_ACCOUNT.accountId] } };
    const usual = {
      TimePeriod: { Start: '2017-09-01', End: '2017-10-01' },
      Granularity: 'DAILY',
      Metrics: ['UnblendedCost'],
      GroupBy: [
        { Type: 'DIMENSION', Key: 'SERVICE' },
        { Type: 'DIMENSION', Key: 'REGION' },
      ],
    };
    const given = { Dimensions: { Key: 'RECORD_TYPE', Values: ['Credit', 'Refund'] } };
    const target = 'AWSInsightsIndexService.GetCostAndUsage';
    expect(requests).toEqual([
      { target, body: { ...usual, Filter: own } },
      { target, body: { ...usual, Filter: { And: [own, given] } } },
    ]);
  });

  const errors = [
    [
      'AccessDeniedException',
      'User not enabled for cost explorer access',
      { outcome: 'not_enabled', code: 'COST_EXPLORER_NOT_ENABLED' },
    ],
    [
      'AccessDeniedException',
      'User: arn:aws:iam::1:user/x is not authorized to perform: ce:GetCostAndUsage on resource: * because no identity-based policy allows the ce:GetCostAndUsage action',
      { outcome: 'denied', permission: 'ce:GetCostAndUsage', deniedBy: 'identity' },
    ],
    [
      'DataUnavailableException',
      'The requested data is unavailable.',
      { outcome: 'not_enabled', code: 'DataUnavailableException', retryable: false },
    ],
    [
      'LimitExceededException',
      'You made too many calls in a short period of time.',
      { outcome: 'throttled', retryable: true },
    ],
    ['BillExpirationException', 'The requested report expired.', { outcome: 'failed', restart: true }],
    ['RequestChangedException', 'Your request parameters changed between pages.', { outcome: 'failed', restart: true }],
    ['InvalidNextTokenException', 'The pagination token is invalid.', { outcome: 'failed', restart: true }],
    [
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
      { outcome: 'failed', credentialsRejected: true },
    ],
    ['ValidationException', 'Start date is bad', { outcome: 'failed', code: 'ValidationException', retryable: false }],
  ] as const;
  test.each(errors)('%s, %s', async (name, message, failure) => {
    answers = [{ status: 400, body: { __type: `com.amazonaws.ce#${name}`, message, Message: message } }];
    const source = sourceAt(url);
    const error: unknown = await source
      .page({ from: '2026-01-01', to: '2026-01-02' }, undefined, BUDGET)
      .catch((one: unknown) => one);
    expect(source.classify(error)).toMatchObject(failure);
    // One try a call: each is charged.
    expect(requests).toHaveLength(1);
  });

  test.each([
    ['no group', { ResultsByTime: [{ TimePeriod: { Start: '2026-01-01' }, Estimated: false }] }],
    [
      'another day',
      { ResultsByTime: [{ ...published.ResultsByTime[0], TimePeriod: { Start: '2025-12-31', End: '2026-01-01' } }] },
    ],
    ['nothing', {}],
  ])('an answer with %s is not what the API promises', async (_, body) => {
    answers = [{ status: 200, body }];
    const source = sourceAt(url);
    const error: unknown = await source
      .page({ from: '2026-01-01', to: '2026-01-02' }, undefined, BUDGET)
      .catch((one: unknown) => one);
    expect(source.classify(error)).toMatchObject({ outcome: 'failed', code: 'UNEXPECTED_ANSWER', retryable: false });
  });
});

describe('from the sample AWS', () => {
  let aws: SampleAws;
  beforeAll(async () => {
    aws = await startSampleAws();
  });
  afterAll(() => aws.close());
  beforeEach(() => aws.knobs(defaultKnobs));

  const today = dayOf(Date.now());
  const days = { from: addDays(today, -20), to: addDays(today, 1) };
  const turn = (costs: Partial<Knobs['costs']>): void => aws.knobs({ costs: { ...defaultKnobs.costs, ...costs } });

  test('everything is read page by page, of the account alone, and credits are a part of the amounts', async () => {
    turn({ pageGroups: 7 });
    const { rows, pages } = await readAll(sourceAt(aws.url), days);
    expect(pages).toBeGreaterThan(20);
    const charges = Array.from({ length: 21 }, (_, n) => addDays(days.from, n))
      .flatMap((day) => chargesOf(MAIN_ACCOUNT, day, defaultKnobs, Date.now()))
      .filter(({ account }) => account !== MEMBER_ACCOUNT);
    const total = (of: typeof charges): string => amountText(of.reduce((n, { amount }) => n + amount, 0n));
    const exact = (texts: readonly string[]): string => sumOf(texts.map((text) => exactDecimal(text) ?? 'none'));
    expect(exact(rows.map(({ amount }) => amount))).toBe(total(charges));
    const given = charges.filter(({ type }) => type === 'Credit' || type === 'Refund');
    expect(given.length).toBeGreaterThan(5);
    expect(exact(rows.map(({ credits = '0' }) => credits))).toBe(total(given));
    expect(aws.unknownCalls()).toEqual([]);
  });

  test('another account of the organisation is read by its own name', async () => {
    const { rows } = await readAll(sourceAt(aws.url, MEMBER_ACCOUNT), days);
    expect(rows.length).toBeGreaterThan(100);
    const nobody = await readAll(sourceAt(aws.url, '999999999999'), days);
    expect(nobody.rows).toEqual([]);
  });

  test.each([
    ['days that are not kept any more', { from: addDays(today, -500), to: today }, 'ValidationException'],
    ['an end beyond next month', { from: today, to: addDays(today, 40) }, 'ValidationException'],
    ['a span without a day', { from: today, to: today }, 'ValidationException'],
  ])('%s are refused as AWS refuses them', async (_, span, code) => {
    const source = sourceAt(aws.url);
    const error: unknown = await source.page(span, undefined, BUDGET).catch((one: unknown) => one);
    expect(source.classify(error)).toMatchObject({ outcome: 'failed', code, retryable: false });
    source.close();
  });

  test('a token of another list is refused, and the list is begun anew', async () => {
    const source = sourceAt(aws.url);
    const error: unknown = await source
      .page(days, JSON.stringify(['charges', 'x']), BUDGET)
      .catch((one: unknown) => one);
    expect(source.classify(error)).toMatchObject({ outcome: 'failed', restart: true });
    source.close();
  });
});
