import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAIN_ACCOUNT, type SampleAws, startSampleAws } from '../../lib/local/clouds/aws/sample-aws.ts';
import { boto3, linesOf, shortId } from './peers.ts';

let sample: SampleAws;
beforeAll(async () => {
  sample = await startSampleAws({ knobs: { size: 3 } });
});
afterAll(async () => sample?.close());

test('boto3, which we did not write, lists the sample account page by page and finds what the seed generated', async () => {
  const found = linesOf(await boto3('list', sample.url, MAIN_ACCOUNT));
  const generated = Object.entries(sample.inventory(MAIN_ACCOUNT.accountId)).flatMap(([type, regions]) =>
    Object.entries(regions).flatMap(([region, ids]) =>
      ids.map((id) => `${type} ${type === 's3_bucket' ? '' : region} ${shortId(id)}`),
    ),
  );
  expect(found).toEqual(generated.sort());
  console.log(`boto3: ${found.length} resources of the sample account, equal`);
  expect(sample.unknownCalls()).toEqual([]);
});
