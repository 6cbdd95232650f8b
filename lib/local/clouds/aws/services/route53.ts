import { ListHostedZonesResponse$ } from '@aws-sdk/client-route-53';
import { hostedZones } from '../inventory/route53.ts';
import type { Service } from './operation.ts';

export const route53: Service = {
  name: 'route53',
  protocol: 'rest-xml',
  namespace: 'https://route53.amazonaws.com/doc/2013-04-01/',
  global: true,
  throttle: { status: 400, code: 'Throttling' },
  denied: { status: 403, code: 'AccessDenied' },
  unknownKey: { status: 403, code: 'InvalidClientTokenId' },
  wrongSignature: { status: 403, code: 'SignatureDoesNotMatch' },
  operations: [
    {
      name: 'ListHostedZones',
      rest: { method: 'GET', path: '/2013-04-01/hostedzone' },
      run(call) {
        const marker = call.param('marker');
        const limits = {
          size: call.param('maxitems'),
          token: marker,
          least: 1,
          most: 100,
          otherwise: 100,
          codes: { size: 'InvalidInput', token: 'InvalidInput' },
        };
        const { items, next } = call.page(call.items(hostedZones), limits);
        const value = {
          HostedZones: items,
          Marker: marker ?? '',
          IsTruncated: next !== undefined,
          NextMarker: next,
          MaxItems: Number(limits.size ?? limits.otherwise),
        };
        return { schema: ListHostedZonesResponse$, root: 'ListHostedZonesResponse', value };
      },
    },
  ],
};
