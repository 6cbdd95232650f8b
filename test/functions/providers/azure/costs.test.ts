import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CostRow, CostSource, Days } from '../../../../functions/domain/cost-source.ts';
import { exactDecimal, sumOf } from '../../../../functions/domain/decimal.ts';
import type { AzureClient } from '../../../../functions/providers/azure/clients.ts';
import { openCostManagement } from '../../../../functions/providers/azure/costs.ts';
import { parseCredentials } from '../../../../functions/providers/azure/credentials.ts';
import { costFacts } from '../../../../functions/providers/azure/facts.ts';
import { quoteNumbers } from '../../../../functions/providers/azure/lossless-json.ts';
import { collecting } from '../../../../functions/providers/azure/session.ts';
import { defaultKnobs } from '../../../../lib/local/clouds/azure/knobs.ts';
import type { SampleAzure } from '../../../../lib/local/clouds/azure/sample-azure.ts';
import { startAzure } from './sample.ts';

const BUDGET = { calls: 0, bytes: 0 };
const DAYS: Days = { from: '2024-01-01', to: '2024-02-01' };
const SUBSCRIPTION = '11112222-3333-4444-5555-666677778888';
const PATH = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.CostManagement/query`;

/** A source that is answered with texts, as the wire carries them. */
function stub(...answers: readonly string[]) {
  const asked: Parameters<AzureClient['call']>[0][] = [];
  const client: AzureClient = {
    async call(call) {
      asked.push(call);
      return answers[asked.length - 1] ?? '';
    },
    close: () => undefined,
  };
  return { asked, source: openCostManagement(client, SUBSCRIPTION) };
}
const COLUMNS = ['Cost', 'UsageDate', 'ServiceName', 'ResourceLocation', 'Currency'].map((name) => ({
  name,
  type: 'x',
}));
const answerOf = (rows: string, nextLink: string | null = null): string =>
  `{"id":"x","properties":{"nextLink":${JSON.stringify(nextLink)},"columns":${JSON.stringify(COLUMNS)},"rows":[${rows}]}}`;
const row = (cost: string, rest = '20240110,"Storage","EU West","EUR"'): string => `[${cost},${rest}]`;
const read = async (rows: string): Promise<readonly CostRow[]> =>
  (await stub(answerOf(rows)).source.page(DAYS, undefined, BUDGET)).rows;
const failureOf = (source: CostSource, token?: string) =>
  source.page(DAYS, token, BUDGET).then(
    () => undefined,
    (error: unknown) => source.classify(error),
  );

describe('amounts', () => {
  test('a number stays the text that it is on the wire, whatever a float would make of it', async () => {
    const numbers = [
      '0.1',
      '12345678901234567890.123456789012345678',
      '5.658650062978268E-05',
      '-17.250000000000001',
      '0',
      '1e-7',
    ];
    const rows = await read(numbers.map((number) => row(number)).join(','));
    expect(rows.map(({ amount }) => amount)).toEqual(numbers);
    expect(rows.map(({ amount }) => exactDecimal(amount))).toEqual([
      '0.1',
      '12345678901234567890.123456789012345678',
      '0.00005658650062978268',
      '-17.250000000000001',
      '0',
      '0.0000001',
    ]);
  });

  test('what looks like a number inside a text is left alone', () => {
    const json = String.raw`{"a":"1.5 \" 2","b":[-1.50,2e3,"3\\"],"4":true,"c":null}`;
    expect(JSON.parse(quoteNumbers(json))).toEqual({ a: '1.5 " 2', b: ['-1.50', '2e3', '3\\'], 4: true, c: null });
  });

  test('what is no amount, no day of the span, or no currency is an unexpected answer', async () => {
    for (const bad of [
      row('NaN'),
      row('null'),
      row('"x"', '"not a day","Storage","EU West","EUR"'),
      row('1', '20240201,"Storage","EU West","EUR"'),
      row('1', '20231231,"Storage","EU West","EUR"'),
      row('1', '20240110,"Storage","EU West","euros"'),
      '[1]',
      '{}',
    ]) {
      expect(await failureOf(stub(answerOf(bad)).source), bad).toEqual({
        outcome: 'failed',
        code: 'UNEXPECTED_ANSWER',
        retryable: false,
      });
    }
  });

  test("columns are found by name, in any order; Azure's published row with a price of one's own currency too", async () => {
    const columns = [
      { name: 'ServiceName' },
      { name: 'Currency' },
      { name: 'UsageDate' },
      { name: 'Cost' },
      { name: 'ResourceLocation' },
    ];
    const text = `{"properties":{"columns":${JSON.stringify(columns)},"rows":[["Storage","usd","2024-01-05T00:00:00",0.009865586851323632,""]]}}`;
    expect((await stub(text).source.page(DAYS, undefined, BUDGET)).rows).toEqual([
      {
        day: '2024-01-05',
        service: 'Storage',
        region: 'global',
        currency: 'USD',
        amount: '0.009865586851323632',
        estimated: false,
      },
    ]);
  });

  test('places that are none are global, others as Azure names them; several rows of one stand side by side', async () => {
    const rows = await read(
      [
        row('1', '20240110,"Support","Unassigned","EUR"'),
        row('2', '20240110,"Support","","EUR"'),
        row('3', '20240110,"Support",null,"EUR"'),
        row('4', '20240110,"Support","EU West","EUR"'),
        row('5', '20240110,"Support","EU West","USD"'),
      ].join(','),
    );
    expect(rows.map(({ region, currency }) => `${region} ${currency}`)).toEqual([
      'global EUR',
      'global EUR',
      'global EUR',
      'EU West EUR',
      'EU West USD',
    ]);
  });

  test('a subscription of which there is nothing to tell answers nothing at all', async () => {
    expect(await stub('').source.page(DAYS, undefined, BUDGET)).toEqual({ rows: [], next: undefined, spent: BUDGET });
  });
});

describe('calls', () => {
  test('one query by day, service and place, of whole days, with a name for its client; the next page by its token alone', async () => {
    const link = `https://management.azure.com${PATH}?api-version=2023-11-01&$skiptoken=AQAAAA%3D%3D`;
    const { source, asked } = stub(answerOf(row('1'), link), answerOf(row('2')));
    const first = await source.page(DAYS, undefined, BUDGET);
    expect(first.next).toBe('AQAAAA==');
    expect((await source.page(DAYS, first.next, BUDGET)).next).toBeUndefined();
    expect(asked.map(({ path }) => path)).toEqual([
      `${PATH}?api-version=2023-11-01`,
      `${PATH}?api-version=2023-11-01&$skiptoken=AQAAAA%3D%3D`,
    ]);
    expect(asked[0]?.headers).toEqual({ clienttype: 'InfraAudit' });
    expect(asked[0]?.body).toEqual(asked[1]?.body);
    expect(asked[0]?.body).toMatchObject({
      type: 'ActualCost',
      timePeriod: { from: '2024-01-01T00:00:00Z', to: '2024-01-31T23:59:59Z' },
      dataset: { granularity: 'Daily' },
    });
  });

  test('a link to another host, another path or without a token is not followed', async () => {
    const links = [
      `https://evil.example${PATH}?$skiptoken=x`,
      `http://management.azure.com${PATH}?$skiptoken=x`,
      `https://user@management.azure.com${PATH}?$skiptoken=x`,
      `https://management.azure.com.evil.example${PATH}?$skiptoken=x`,
      `https://management.azure.com/subscriptions/other/providers/Microsoft.CostManagement/query?$skiptoken=x`,
      '//evil.example',
      'x',
    ];
    for (const link of links) {
      expect(await failureOf(stub(answerOf('', link)).source), link).toMatchObject({ code: 'UNSAFE_NEXT_LINK' });
    }
    const without = `https://management.azure.com${PATH}?api-version=1`;
    expect(await failureOf(stub(answerOf('', without)).source)).toMatchObject({ code: 'UNEXPECTED_ANSWER' });
  });
});

describe('against the sample Azure', () => {
  let sample: SampleAzure;
  let source: CostSource;
  beforeAll(async () => {
    sample = await startAzure();
  });
  afterAll(() => sample?.close());
  afterEach(() => {
    source.close();
    sample.turn({ ...defaultKnobs });
    sample.resetCalls();
  });
  const day = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  const openSource = async (change: object = {}) => {
    const { main } = sample.bodies;
    const opened = await collecting.openCosts?.(parseCredentials({ ...main, ...change }), main.subscriptionId ?? '');
    if (opened === undefined) throw new TypeError('Azure has costs.');
    source = opened;
    return opened;
  };
  async function readAll(days: Days): Promise<{ rows: CostRow[]; pages: number }> {
    const opened = await openSource();
    const rows: CostRow[] = [];
    let pages = 0;
    let token: string | undefined;
    do {
      const page = await opened.page(days, token, BUDGET);
      expect(page.spent).toEqual(BUDGET);
      rows.push(...page.rows);
      pages += 1;
      token = page.next;
    } while (token !== undefined && pages < 50);
    return { rows, pages };
  }
  const told = (rows: readonly { day: string; service: string; currency: string; amount: string }[]) =>
    rows.map(({ day: on, service, currency, amount }) => `${on} ${service} ${amount} ${currency}`).sort();

  test('a first reading is every row of its span, page by page, to the digit, refunds below zero among them', async () => {
    const days = { from: day(costFacts.firstDays), to: day(0) };
    const { rows, pages } = await readAll(days);
    expect(pages).toBeGreaterThan(2);
    expect(told(rows)).toEqual(told(sample.costs(days.from, days.to)));
    expect(rows.some(({ amount }) => amount.startsWith('-'))).toBe(true);
    expect(rows.some(({ amount }) => amount.includes('E-'))).toBe(true);
    const exact = rows.map(({ amount }) => exactDecimal(amount) ?? 'none');
    expect(sumOf(exact)).toMatch(/^\d+\.\d{15,}$/);
    expect(sample.unknownCalls()).toEqual([]);
  });

  test('costs that come late show when their day is read again', async () => {
    const on = day(3);
    const days = { from: on, to: day(2) };
    const before = (await readAll(days)).rows;
    source.close();
    sample.turn({ late: [{ day: on, service: 'Storage', region: 'EU West', amount: '0.000000000000000001' }] });
    const after = (await readAll(days)).rows;
    expect(after).toHaveLength(before.length + 1);
    expect(after.map(({ amount }) => amount)).toContain('0.000000000000000001');
  });

  test('the month of the oldest day that is still open may change, what is before it does not', async () => {
    const month = day(costFacts.openDays).slice(0, 7);
    const { rows } = await readAll({ from: day(60), to: day(0) });
    for (const one of rows) expect(one.estimated, one.day).toBe(one.day.slice(0, 7) >= month);
    expect(new Set(rows.map(({ estimated }) => estimated))).toEqual(new Set([true, false]));
  });

  const one = { from: day(3), to: day(2) };
  const failing: [string, Record<string, unknown>, object][] = [
    ['throttled', { throttle: [{ service: 'costmanagement' }] }, { outcome: 'throttled', retryable: true }],
    [
      'down',
      { down: [{ service: 'costmanagement' }] },
      { outcome: 'failed', code: 'ServiceUnavailable', retryable: true },
    ],
    [
      'nonsense',
      { broken: [{ service: 'costmanagement' }] },
      { outcome: 'failed', code: 'UNEXPECTED_ANSWER', retryable: false },
    ],
    [
      'another host',
      { linkHost: 'evil.example', costPage: 5 },
      { outcome: 'failed', code: 'UNSAFE_NEXT_LINK', retryable: false },
    ],
    [
      'denied',
      { roles: [{ actions: ['Microsoft.Compute/*/read'], notActions: [] }] },
      {
        outcome: 'denied',
        code: 'AuthorizationFailed',
        permission: 'Microsoft.CostManagement/query/read',
        deniedBy: 'identity',
      },
    ],
  ];
  for (const [what, knobs, outcome] of failing) {
    test(`${what}: ${JSON.stringify(outcome)}`, async () => {
      sample.turn(knobs);
      const opened = await openSource();
      const failure = await opened.page(one, undefined, BUDGET).then(
        () => undefined,
        (error: unknown) => opened.classify(error),
      );
      expect(failure).toMatchObject(outcome);
    });
  }

  test('a retry-after is obeyed: the next call waits for it, and one too long to wait for is not made', async () => {
    sample.turn({ throttle: [{ service: 'costmanagement', first: 1 }] });
    const opened = await openSource();
    await expect(opened.page(one, undefined, BUDGET)).rejects.toThrow();
    const began = performance.now();
    await opened.page(one, undefined, BUDGET);
    expect(performance.now() - began).toBeGreaterThan(4500);
  });

  test('the same next page for ever is handed on as it is', async () => {
    sample.turn({ costPage: 5, loopToken: [{ service: 'costmanagement' }] });
    const opened = await openSource();
    const first = await opened.page(one, undefined, BUDGET);
    expect((await opened.page(one, first.next, BUDGET)).next).toBe(first.next);
  });

  test('a wrong secret is told as such', async () => {
    const opened = await openSource({ clientSecret: 'rotated~Client.Secret-0001' });
    const error = await opened.page(one, undefined, BUDGET).catch((thrown: unknown) => thrown);
    expect(opened.classify(error)).toMatchObject({ outcome: 'failed', credentialsRejected: true });
  });
});
