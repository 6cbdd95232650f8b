import { ListWebACLsResponse$ } from '@aws-sdk/client-wafv2';
import { globalAcls, regionalAcls } from '../inventory/wafv2.ts';
import { jsonRefusals } from './json-refusals.ts';
import { type Call, SampleError, type Service } from './operation.ts';

const code = 'WAFInvalidParameterException';

/** What is asked for: `CLOUDFRONT` only in us-east-1. @throws SampleError */
function kindOf(call: Call) {
  const scope = call.param('Scope');
  if (scope === 'REGIONAL') return regionalAcls;
  if (scope === 'CLOUDFRONT' && call.region === 'us-east-1') return globalAcls;
  throw new SampleError(400, code, 'The scope is not valid.');
}

export const wafv2: Service = {
  ...jsonRefusals,
  name: 'wafv2',
  operations: [
    {
      name: 'ListWebACLs',
      run(call) {
        const { items, next } = call.page(call.items(kindOf(call)), {
          size: call.param('Limit'),
          token: call.param('NextMarker'),
          least: 1,
          most: 100,
          otherwise: 100,
          codes: { size: code, token: code },
        });
        return { schema: ListWebACLsResponse$, value: { WebACLs: items, NextMarker: next } };
      },
    },
  ],
};
