import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { addDays, dayOf } from '../../functions/domain/days.ts';
import {
  MAIN_ACCOUNT,
  type SampleAws,
  type SampleCall,
  startSampleAws,
} from '../../lib/local/clouds/aws/sample-aws.ts';
import { services } from '../../lib/local/clouds/aws/services/registered.ts';
import { type Cell, collectAll, collectors, readCosts } from './aws-collect.ts';
import { startRecorder } from './aws-recorder.ts';
import { boto3, python } from './peers.ts';

const counts = z.record(z.string(), z.number());
const judgement = z.strictObject({ problems: counts, operations: counts, errors: counts });
const recorded = z.looseObject({ body: z.string(), answer: z.looseObject({ body: z.string() }) });

const REGIONS = ['us-east-1', 'eu-west-1', 'eu-central-1'];
const directory = mkdtempSync(join(tmpdir(), 'infraaudit-wire-'));
const collected = join(directory, 'collected.jsonl');

let sample: SampleAws;
beforeAll(async () => {
  sample = await startSampleAws({ knobs: { size: 3, regions: REGIONS } });
});
afterAll(async () => {
  await sample?.close();
  rmSync(directory, { recursive: true, force: true });
});

const judge = async (file: string) => judgement.parse(JSON.parse(await python(['aws_wire.py', file])));

/** Runs every collector against the sample account, and writes down what passes between them. */
async function collect(file: string): Promise<readonly Cell[]> {
  const recorder = await startRecorder(sample.url, file);
  const account = MAIN_ACCOUNT.accountId;
  const cells = await collectAll({ url: recorder.url, keys: MAIN_ACCOUNT, account, regions: sample.regions() });
  await recorder.close();
  return cells;
}

test("what our collectors ask and the sample account answers is what botocore's models say", async () => {
  const cells = await collect(collected);
  expect(cells.filter(({ failure }) => failure !== undefined)).toEqual([]);
  const { problems, operations, errors } = await judge(collected);
  expect(problems).toEqual({});
  expect(errors).toEqual({});
  // Each request was judged, and there were as many kinds of them as collectors, or more.
  expect(Object.keys(operations).length).toBeGreaterThanOrEqual(collectors.length);
  expect(Object.values(operations).reduce((sum, n) => sum + n, 0)).toBe(lines(collected).length);
  console.log(
    `botocore: ${lines(collected).length} requests and answers of ${Object.keys(operations).length} operations`,
  );
});

test("what is asked of the sample account's Cost Explorer and what it answers is what botocore's models say", async () => {
  const file = join(directory, 'costs.jsonl');
  sample.knobs({ costs: { enabled: true, available: true, pageGroups: 50, restate: [] } });
  const recorder = await startRecorder(sample.url, file);
  const today = dayOf(Date.now());
  const rows = await readCosts(recorder.url, MAIN_ACCOUNT, MAIN_ACCOUNT.accountId, {
    from: addDays(today, -20),
    to: today,
  });
  await recorder.close();
  expect(rows.length).toBeGreaterThan(100);
  const { problems, operations } = await judge(file);
  expect(problems).toEqual({});
  // More than a page of the charges, and the credits.
  expect(operations['ce GetCostAndUsage json']).toBeGreaterThan(2);
});

test("what the sample account answers boto3 is what botocore's models say, and so is what it was asked", async () => {
  const file = join(directory, 'boto3.jsonl');
  const recorder = await startRecorder(sample.url, file);
  await boto3('list', recorder.url, MAIN_ACCOUNT, { IAM_DETAILS: 'yes' });
  await recorder.close();
  expect((await judge(file)).problems).toEqual({});
});

test.each([
  ['denied', { deny: [{}] }],
  ['throttled', { throttle: [{ rate: 1 }] }],
])('botocore reads the code of every refusal (%s) as it was meant', async (outcome, knobs) => {
  sample.knobs(knobs);
  sample.resetCalls();
  const file = join(directory, `${outcome}.jsonl`);
  const cells = await collect(file);
  sample.knobs({ deny: [], throttle: [] });
  expect([...new Set(cells.map(({ failure }) => failure?.outcome))]).toEqual([outcome]);
  const { problems, errors } = await judge(file);
  expect(problems).toEqual({});
  const meant = sample.calls().map(codeMeant);
  const read = Object.entries(errors).flatMap(([key, n]) => Array.from({ length: n }, () => key.split(' ').at(-1)));
  expect(read.sort()).toEqual(meant.sort());
});

/** A JSON service that once spoke query says the code that it had then in a header, and clients go by that. */
const codeMeant = ({ service, outcome }: SampleCall): string =>
  services.find(({ name }) => name === service)?.queryCodes?.[outcome] ?? outcome;

/** What of the recording changes where one text stands in the place of another, in requests or in answers. */
function tampered(where: 'request' | 'answer', from: string | RegExp, to: string): string {
  const change = (text: string): string =>
    Buffer.from(Buffer.from(text, 'base64').toString('latin1').replace(from, to), 'latin1').toString('base64');
  const file = join(directory, 'tampered.jsonl');
  const changed = lines(collected).flatMap((line) => {
    const record = recorded.parse(JSON.parse(line));
    const other =
      where === 'request'
        ? { ...record, body: change(record.body) }
        : { ...record, answer: { ...record.answer, body: change(record.answer.body) } };
    return JSON.stringify(other) === JSON.stringify(record) ? [] : [`${JSON.stringify(other)}\n`];
  });
  writeFileSync(file, changed.join(''));
  return file;
}

test.each([
  [
    'a member of an XML answer that the model does not have',
    'answer',
    /<(\/?)isDefault>/g,
    '<$1standard>',
    /no standard/,
  ],
  ['a member of a JSON answer that the model does not have', 'answer', '"TableId":', '"TableNo":', /no TableNo/],
  ['a word that an enum does not have', 'answer', '"TableStatus":"ACTIVE"', '"TableStatus":"FINE"', /no FINE/],
  ['a text where a number belongs', 'answer', /"MemorySize":\d+/, '"MemorySize":"128"', /is no integer/],
  ['a boolean that is none', 'answer', '<isDefault>false<', '<isDefault>no<', /no boolean/],
  ['a time in another format', 'answer', /<CreateDate>[^<]*</, '<CreateDate>yesterday<', /Invalid timestamp/],
  ['a parameter that the model does not have', 'request', 'MaxResults=1000', 'MaxResult=1000', /MaxResult'/],
  ['a member of a JSON request that the model does not have', 'request', '"Limit"', '"Limits"', /no Limits|'Limits'/],
  ['a parameter of another type', 'request', 'MaxRecords=100', 'MaxRecords=many', /invalid literal/],
] as const)('the judge sees %s', async (_, where, from, to, says) => {
  const { problems, operations } = await judge(tampered(where, from, to));
  expect(Object.keys(problems)[0]).toMatch(says);
  expect(operations).toEqual({});
});

const lines = (file: string): readonly string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
