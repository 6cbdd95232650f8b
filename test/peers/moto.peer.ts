import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiClient } from '../../lib/local/api-client.ts';
import { startTwin, type Twin } from '../../lib/local/twin.ts';
import { boto3, linesOf, type Peer, shortId, startMoto } from './peers.ts';

/** moto takes any key of the right form. */
const keys = { accessKeyId: 'AKIAMOTOMOTOMOTO0001', secretAccessKey: 'moto/accepts+any0secret0of0forty0charact' };

/** moto cuts a page of buckets short and gives no token: asked for all of them, it has nothing to cut. */
const LIST = { S3_PAGE: '1000' };

let moto: Peer;
let twin: Twin;
const directory = mkdtempSync(join(tmpdir(), 'infraaudit-moto-'));

beforeAll(async () => {
  moto = await startMoto();
  await boto3('populate', moto.url, keys);
  twin = await startTwin({ directory, port: 0, tick: false, context: { awsEndpoints: [{ url: moto.url }] } });
});
afterAll(async () => {
  await twin?.stop();
  await moto?.stop();
  rmSync(directory, { recursive: true, force: true });
});

test("the inventory of an account at moto equals what moto's own list calls say to boto3", async () => {
  const api = new ApiClient(twin.apiUrl, await twin.token());
  const provider = await api.connect('aws', { name: 'moto', region: 'us-east-1', ...keys });
  await twin.idle();
  expect(await api.job(provider.id, 1)).toMatchObject({ status: 'succeeded' });
  const expected = linesOf(await boto3('list', moto.url, keys, LIST));
  const inventory = await api.resources(provider.id);
  const ours = inventory.map(
    ({ type, region, external_id }) => `${type} ${type === 's3_bucket' ? '' : region} ${shortId(external_id)}`,
  );
  expect(ours.sort()).toEqual(expected);
  const types = new Set(inventory.map((one) => one.type));
  console.log(`moto: ${inventory.length} resources of ${types.size} types, equal`);
  expect(types.size).toBeGreaterThanOrEqual(13);
  expect(JSON.stringify(inventory)).not.toContain('canary-must-not-be-kept');
});
