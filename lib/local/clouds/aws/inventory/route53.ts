import type { HostedZone } from '@aws-sdk/client-route-53';
import { CANARY } from '../accounts.ts';
import type { Kind } from './kind.ts';

export const hostedZones: Kind<HostedZone> = {
  name: 'route53_hosted_zone',
  global: true,
  count: () => ({ fixed: 0, growing: 9 }),
  make({ index, random }) {
    const id = `Z${random.hex(20).toUpperCase()}`;
    const isPrivate = index % 3 === 2;
    const item: HostedZone = {
      Id: `/hostedzone/${id}`,
      Name: isPrivate ? `internal-${index}.local.` : `example-${index}.com.`,
      CallerReference: CANARY,
      Config: { Comment: CANARY, PrivateZone: isPrivate },
      ResourceRecordSetCount: 2 + random.below(60),
    };
    return { type: 'route53_hosted_zone', arn: `arn:aws:route53:::hostedzone/${id}`, item };
  },
  alter: (item, turn) => ({ ...item, ResourceRecordSetCount: (item.ResourceRecordSetCount ?? 0) + turn }),
};
