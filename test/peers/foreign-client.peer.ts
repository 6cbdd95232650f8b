import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAIN_ACCOUNT, type SampleAws, startSampleAws } from '../../lib/local/clouds/aws/sample-aws.ts';
import { types } from './aws-collect.ts';
import { boto3, linesOf } from './peers.ts';

let sample: SampleAws;
beforeAll(async () => {
  sample = await startSampleAws({
    knobs: { size: 3, regions: ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1'] },
  });
});
afterAll(async () => sample?.close());

test('boto3, which we did not write, lists the sample account page by page and finds what the seed generated', async () => {
  const found = linesOf(await boto3('list', sample.url, MAIN_ACCOUNT, { IAM_DETAILS: 'yes' }));
  const generated = Object.entries(sample.inventory(MAIN_ACCOUNT.accountId)).flatMap(([type, regions]) =>
    Object.entries(regions).flatMap(([region, arns]) =>
      arns.map((arn) => `${type} ${type === 's3_bucket' ? 'unsaid' : region} ${arn}`),
    ),
  );
  expect(found).toEqual(generated.sort());
  const held = Object.entries(sample.held()).flatMap(([type, arns]) => arns.map((arn) => `${type} ${arn}`));
  expect(found.map((line) => line.replace(/^(\S+) \S+/, '$1')).sort()).toEqual(held.sort());
  // Each type is there at all, and so was compared.
  expect([...new Set(found.map((line) => line.split(' ')[0]))].sort()).toEqual([...types].sort());
  console.log(`boto3: ${found.length} resources of ${types.length} types of the sample account, equal`);
  expect(sample.unknownCalls()).toEqual([]);
});
