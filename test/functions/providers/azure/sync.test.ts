import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { exactDecimal, sumOf } from '../../../../functions/domain/decimal.ts';
import { hashTenant, keys } from '../../../../functions/domain/keys.ts';
import { TYPES } from '../../../../functions/providers/azure/types/names.ts';
import { ISSUER } from '../../../../lib/local/account.ts';
import { defaultKnobs } from '../../../../lib/local/clouds/azure/knobs.ts';
import { type SampleAzure, startSampleAzure } from '../../../../lib/local/clouds/azure/sample-azure.ts';
import { type Deployment, found, inventoryOf, startDeployment } from '../../../support/deployment.ts';

/** Azure over the whole stack: what is Azure's own about it. What every cloud has in common is in `test/api/clouds`. */
let sample: SampleAzure;
let deployment: Deployment;
let id = 0;
beforeAll(async () => {
  sample = await startSampleAzure();
  deployment = await startDeployment({ twin: { context: { ...sample.settings } } });
  const body = { name: 'Azure', ...sample.bodies.main };
  const answer = await deployment.call('POST', '/azure/connect', { body });
  id = z.object({ id: z.number() }).parse(answer.json).id;
  await deployment.twin.idle();
}, 120_000);
afterAll(async () => {
  await deployment?.stop();
  await sample?.close();
});
afterEach(() => sample.turn({ ...defaultKnobs }));

const cell = z.object({
  type: z.string(),
  outcome: z.string(),
  count: z.number(),
  permission: z.string().nullable(),
  denied_by: z.string().nullable(),
});
const ledger = async () => z.array(cell).parse((await deployment.call('GET', `/${id}/coverage?limit=100`)).json);
async function sync(): Promise<unknown> {
  const { json } = await deployment.call('POST', `/${id}/sync`);
  await deployment.twin.idle();
  return (await deployment.call('GET', `/${id}/jobs/${z.object({ job_id: z.number() }).parse(json).job_id}`)).json;
}
const held = (): string[] =>
  Object.entries(sample.held())
    .flatMap(([type, ids]) => ids.map((one) => `${type} ${one}`))
    .sort();
const ours = async (): Promise<string[]> => found(await inventoryOf(deployment, id));

/** Lets the time come at which costs are due, and the tick that sees it. */
async function readCosts(): Promise<void> {
  await deployment.document().send(
    new UpdateCommand({
      TableName: deployment.twin.endpoints.table.name,
      Key: { ...keys.provider({ tenant: hashTenant(ISSUER, 'acme'), id }) },
      UpdateExpression: 'SET due_costs = :past, due_at = :past',
      ExpressionAttributeValues: { ':past': '2020-01-01T00:00:00.000Z' },
    }),
  );
  await deployment.twin.tick();
  await deployment.twin.idle();
}

test("the contract's own example connects as it stands", async () => {
  const body = { name: 'Production Azure', ...sample.bodies.example };
  expect(await deployment.call('POST', '/azure/connect', { body, claims: { tenant: 'other' } })).toMatchObject({
    status: 201,
    json: { type: 'azure', status: 'syncing', name: 'Production Azure' },
  });
  await deployment.twin.idle();
});

test('a type that may not be read is denied with its own permission, and what it held stays', async () => {
  const before = await ours();
  expect(before).toEqual(held());
  sample.turn({ deny: [{ type: 'azure_key_vault' }], drop: [{ type: 'azure_disk', index: 0 }] });
  expect(await sync()).toMatchObject({ status: 'partial', resources: { created: 0, removed: 1 } });
  expect((await ledger()).filter(({ outcome }) => outcome !== 'collected')).toEqual([
    {
      type: 'azure_key_vault',
      outcome: 'denied',
      count: 10,
      permission: 'Microsoft.KeyVault/vaults/read',
      denied_by: 'identity',
    },
  ]);
  expect(before.filter((one) => !held().includes(one)).length).toBe(11);
  expect(await ours()).toHaveLength(before.length - 1);
});

test('a role that reads a few types denies the others, unknown ones for want of */read, and deletes nothing', async () => {
  await sync();
  const before = await ours();
  const actions = ['Microsoft.Authorization/permissions/read', 'Microsoft.Compute/*/read'];
  sample.turn({ roles: [{ actions, notActions: [] }], drop: [{ type: 'azure_redis', index: 0 }] });
  expect(await sync()).toMatchObject({ status: 'partial', resources: { created: 0, removed: 0 } });
  expect(await ours()).toEqual(before);
  const cells = await ledger();
  const collected = cells.filter(({ outcome }) => outcome === 'collected').map(({ type }) => type);
  expect(collected.sort()).toEqual([
    'azure_disk',
    'azure_snapshot',
    'azure_virtual_machine',
    'azure_virtual_machine_scale_set',
  ]);
  const listed: readonly string[] = Object.values(TYPES);
  for (const { type, outcome, permission } of cells) {
    if (outcome === 'denied' && !listed.includes(type)) expect(permission, type).toBe('*/read');
  }
  expect(cells.some(({ type, outcome }) => type === 'azure_insights_components' && outcome === 'denied')).toBe(true);
});

test('costs are kept to the digit, and a day that is read again is replaced, with what came late', async () => {
  const day = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  const [from, to] = [day(4), day(3)];
  // The API's `to` is a day that is in the span, the sample's is not.
  const total = async (): Promise<string | undefined> => {
    const answer = await deployment.call('GET', `/${id}/costs?from=${from}&to=${from}`);
    const { totals } = z
      .object({ totals: z.array(z.object({ amount: z.string(), currency: z.string() })) })
      .parse(answer.json);
    expect(totals.map(({ currency }) => currency)).toEqual(['EUR']);
    return totals[0]?.amount;
  };
  const expected = (): string => sumOf(sample.costs(from, to).map(({ amount }) => exactDecimal(amount) ?? 'none'));
  await readCosts();
  expect(await total()).toBe(expected());
  sample.turn({ late: [{ day: from, service: 'Storage', region: 'EU West', amount: '-0.000000000000000001' }] });
  expect(await total()).not.toBe(expected());
  await readCosts();
  expect(await total()).toBe(expected());
});
