import { DescribeTrailsResponse$ } from '@aws-sdk/client-cloudtrail';
import { trails } from '../inventory/cloudtrail.ts';
import { jsonRefusals } from './json-refusals.ts';
import type { Service } from './operation.ts';

export const cloudtrail: Service = {
  ...jsonRefusals,
  name: 'cloudtrail',
  operations: [
    {
      name: 'DescribeTrails',
      run(call) {
        const own = call.items(trails);
        // A trail of all regions shows in the others too, as a shadow, unless that is declined.
        const declined = call.param('includeShadowTrails') === 'false';
        const elsewhere = declined ? [] : call.regions.filter((region) => region !== call.region);
        const others = elsewhere.flatMap((region) => [...call.items(trails, region).made()].map(({ item }) => item));
        const shadows = others.filter((one) => one.IsMultiRegionTrail === true);
        return { schema: DescribeTrailsResponse$, value: { trailList: [...own.slice(0, own.length), ...shadows] } };
      },
    },
  ],
};
