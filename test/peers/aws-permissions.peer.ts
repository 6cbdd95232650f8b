import { afterAll, beforeAll, expect, test } from 'vitest';
import { awsFacts } from '../../functions/providers/aws/facts.ts';
import { REGIONS_PERMISSION } from '../../functions/providers/aws/regions.ts';
import { scopes } from '../../functions/providers/aws/scopes.ts';
import { Secret } from '../../functions/runtime/secret.ts';
import { collectAll, collectors, types } from './aws-collect.ts';
import { type Customer, makeCustomer } from './aws-customer.ts';
import { MINISTACK, shown, typesWith } from './aws-support.ts';
import { type Ministack, startMinistack } from './ministack.ts';
import { boto3, linesOf, linesOfResources } from './peers.ts';

/** A second account beside our own; MiniStack takes its number for its root user's key. */
const ACCOUNT = '222222222222';
const ROOT = { accessKeyId: ACCOUNT, secretAccessKey: 'test' };
const REGION = 'us-east-1';
const env = {
  POPULATED_REGIONS: REGION,
  LISTED_REGIONS: REGION,
  LEFT_OUT: [...typesWith(MINISTACK, 'empty'), ...typesWith(MINISTACK, 'unsupported')].join(),
  // Policies of AWS's own are in no list of ours, and IAM's lists there hold them.
  IAM_DETAILS: 'yes',
};
const { document, permissions } = awsFacts.permissions();

let ministack: Ministack;
let customer: Customer;
beforeAll(async () => {
  ministack = await startMinistack();
  await boto3('populate', ministack.url, ROOT, env);
  customer = await makeCustomer(ministack.url, ROOT, document);
});
afterAll(async () => ministack?.stop());

const collect = () => collectAll({ url: ministack.url, keys: customer.keys, account: ACCOUNT, regions: [REGION] });

/** What the table says of a collector whose call MiniStack does not know. */
const outcomeOf = (name: string): string | undefined => {
  const support = MINISTACK[name];
  return typeof support === 'object' && 'outcome' in support ? support.outcome : undefined;
};
const unknown: ReadonlySet<string> = new Set(typesWith(MINISTACK, 'unsupported'));

/** The document without one of its lines. */
const without = (line: string): unknown => ({
  Version: '2012-10-17',
  Statement: [
    { Sid: 'InfraAuditRead', Effect: 'Allow', Action: permissions.filter((one) => one !== line), Resource: '*' },
  ],
});

test('every type has its place in the table of what MiniStack supports', () => {
  expect(Object.keys(MINISTACK).sort()).toEqual([...types].sort());
});

test('a user who may do what the permissions document says, and no more, can collect everything that is there', async () => {
  await customer.grant(document);
  const cells = await collect();
  const failed = cells.flatMap(({ collector, failure }) =>
    failure === undefined ? [] : [[collector, failure.outcome]],
  );
  expect(failed).toEqual([...unknown].map((name) => [name, outcomeOf(name)]));
  const ours = cells.flatMap(({ resources }) => resources);
  expect(linesOfResources(ours)).toEqual(linesOf(await boto3('list', ministack.url, ROOT, env)));
  expect([...new Set(ours.map(({ type }) => type))].sort()).toEqual([...typesWith(MINISTACK, 'equal')].sort());
  console.log(`MiniStack: ${ours.length} resources as the customer's user, equal\n${shown(MINISTACK)}`);
});

/** The collectors that need a line. */
const needing = (line: string): readonly string[] =>
  collectors.filter((one) => one.permissions.some((has) => has === line)).map(({ name }) => name);

/** A service that MiniStack does not have refuses nobody. */
const enforced = permissions.filter(
  (line) => needing(line).length > 0 && !needing(line).some((name) => outcomeOf(name) === 'failed'),
);

test.each(enforced)('without %s exactly the cells that need it are denied, and name it', async (line) => {
  await customer.grant(without(line));
  const names = needing(line);
  // An action that it does not know is refused before it is found to be unknown.
  const cells = (await collect()).filter(({ collector }) => names.includes(collector) || !unknown.has(collector));
  const expected = cells
    .filter(({ collector }) => names.includes(collector))
    .map(({ collector, scope }) => ({ collector, scope, outcome: 'denied', permission: line, deniedBy: 'identity' }));
  const found = cells.flatMap(({ collector, scope, failure }) =>
    failure === undefined
      ? []
      : [{ collector, scope, outcome: failure.outcome, permission: failure.permission, deniedBy: failure.deniedBy }],
  );
  expect(found).toEqual(expected);
});

test('without the list of regions the scan goes on in the default ones, and says what is missing', async () => {
  await customer.grant(without(REGIONS_PERMISSION));
  const secret = new Secret({ v: 1 as const, form: 'key' as const, ...customer.keys, region: REGION });
  const { failure, byKind } = await scopes(secret, []);
  expect(failure).toMatchObject({ outcome: 'denied', permission: REGIONS_PERMISSION, deniedBy: 'identity' });
  expect(byKind.region).toContain(REGION);
});

test('no line of the document is passed over, but those of services that MiniStack does not have', () => {
  const others = permissions.filter((line) => !enforced.includes(line));
  const expected = [...awsFacts.costs.permissions, REGIONS_PERMISSION, 'redshift:DescribeClusters'];
  expect(others).toEqual(expected.sort());
});
