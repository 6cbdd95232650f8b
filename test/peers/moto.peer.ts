import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addDays, dayOf } from '../../functions/domain/days.ts';
import { costFacts } from '../../functions/providers/aws/facts.ts';
import { ApiClient } from '../../lib/local/api-client.ts';
import { startTwin, type Twin } from '../../lib/local/twin.ts';
import { types } from './aws-collect.ts';
import { MOTO, shown, typesWith } from './aws-support.ts';
import { boto3, linesOf, linesOfResources, MOTO_KEYS, MOTO_LISTS, type Peer, startMoto } from './peers.ts';

let moto: Peer;
let twin: Twin;
let api: ApiClient;
const directory = mkdtempSync(join(tmpdir(), 'infraaudit-moto-'));

beforeAll(async () => {
  moto = await startMoto();
  await boto3('populate', moto.url, MOTO_KEYS, { LEFT_OUT: typesWith(MOTO, 'empty').join() });
  twin = await startTwin({ directory, port: 0, tick: false, context: { awsEndpoints: [{ url: moto.url }] } });
  api = new ApiClient(twin.apiUrl, await twin.token());
});
afterAll(async () => {
  await twin?.stop();
  await moto?.stop();
  rmSync(directory, { recursive: true, force: true });
});

test('every type has its place in the table of what moto supports', () => {
  expect(Object.keys(MOTO).sort()).toEqual([...types].sort());
});

test("the inventory of an account at moto equals what moto's own list calls say to boto3", async () => {
  const provider = await api.connect('aws', { name: 'moto', region: 'us-east-1', ...MOTO_KEYS });
  await twin.idle();
  expect(await api.job(provider.id, 1)).toMatchObject({ status: 'succeeded' });
  const expected = linesOf(await boto3('list', moto.url, MOTO_KEYS, MOTO_LISTS));
  const inventory = await api.resources(provider.id);
  expect(linesOfResources(inventory)).toEqual(expected);
  // Equal is only worth what there was: of every type that the table says so, something was made.
  expect([...new Set(inventory.map((one) => one.type))].sort()).toEqual(
    [...typesWith(MOTO, 'equal'), ...typesWith(MOTO, 'loses')].sort(),
  );
  console.log(`moto: ${inventory.length} resources, equal\n${shown(MOTO)}`);
  expect(JSON.stringify(inventory)).not.toContain('canary-must-not-be-kept');
});

const STORAGE = 'Amazon Simple Storage Service';
const COMPUTE = 'Amazon Elastic Compute Cloud - Compute';

type Line = readonly [service: string, region: string, amount: string];
/** One answer of Cost Explorer, as its API reference shows them; a day, and what was charged on it. */
const answerOf = (day: string, lines: readonly Line[], NextPageToken?: string) => ({
  NextPageToken,
  ResultsByTime: [
    {
      TimePeriod: { Start: day, End: addDays(day, 1) },
      Total: {},
      Groups: lines.map(([service, region, Amount]) => ({
        Keys: [service, region],
        Metrics: { UnblendedCost: { Amount, Unit: 'USD' } },
      })),
      Estimated: false,
    },
  ],
});
const NONE = { ResultsByTime: [] };

test('costs that moto answers page by page are summed to the last digit', async () => {
  const [provider] = await api.providers();
  const today = dayOf(Date.now());
  const late = addDays(today, -3);
  // The days are read in spans, the oldest first, and moto gives these out in turn, one to each new question: of each
  // span the charges and then the credits. The last of the last span but one is still among those that are listed.
  const { firstDays, atATime } = costFacts;
  const spans = Math.ceil((firstDays + 1) / atATime);
  const early = addDays(today, atATime * (spans - 1) - firstDays - 1);
  const results = [
    ...Array.from({ length: 2 * (spans - 2) }, () => NONE),
    ...[answerOf(early, [[STORAGE, 'us-east-1', '1.10']]), NONE],
    answerOf(
      late,
      [
        [STORAGE, 'us-east-1', '0.1000000001'],
        [COMPUTE, 'eu-west-1', '2.5'],
      ],
      'more',
    ),
    answerOf(late, [
      [STORAGE, 'NoRegion', '0.2'],
      [COMPUTE, 'us-east-1', '-0.75'],
    ]),
    answerOf(late, [[COMPUTE, 'us-east-1', '-0.75']]),
  ];
  const seeded = await fetch(`${moto.url}/moto-api/static/ce/cost-and-usage-results`, {
    method: 'POST',
    body: JSON.stringify({ results }),
  });
  expect(seeded.status).toBe(201);
  await twin.tick();
  await twin.idle();
  const { source, costs } = await api.costs(provider?.id ?? 0);
  expect(source).toMatchObject({ outcome: 'collected', error_code: null });
  expect(costs.map(({ date, service, currency, amount }) => `${date} ${service} ${amount} ${currency}`)).toEqual([
    `${early} ${STORAGE} 1.1 USD`,
    `${late} ${COMPUTE} 1.75 USD`,
    `${late} ${STORAGE} 0.3000000001 USD`,
  ]);
});
