import type { Cluster } from '@aws-sdk/client-redshift';
import { CANARY } from '../accounts.ts';
import { idOf } from './ec2-ids.ts';
import { byBusiness, type Kind, tagsFor } from './kind.ts';

export const warehouses: Kind<Cluster> = {
  name: 'redshift_cluster',
  global: false,
  count: byBusiness([0, 0, 0, 2]),
  make(making) {
    const { account, region, index, random } = making;
    const id = `warehouse-${index}`;
    const item: Cluster = {
      ClusterIdentifier: id,
      ClusterStatus: index % 4 === 1 ? 'paused' : 'available',
      ClusterAvailabilityStatus: 'Available',
      ClusterCreateTime: random.date(),
      ClusterVersion: '1.0',
      ClusterNamespaceArn: `arn:aws:redshift:${region}:${account.accountId}:namespace:${random.hex(32)}`,
      NodeType: random.pick('ra3.xlplus', 'ra3.4xlarge'),
      NumberOfNodes: 1 + random.below(6),
      MasterUsername: CANARY,
      DBName: CANARY,
      ClusterPublicKey: `ssh-rsa ${CANARY}`,
      PendingModifiedValues: { MasterUserPassword: CANARY },
      AllowVersionUpgrade: true,
      AutomatedSnapshotRetentionPeriod: random.pick(1, 7),
      Encrypted: random.chance(0.8),
      EnhancedVpcRouting: random.chance(0.5),
      KmsKeyId: `arn:aws:kms:${region}:${account.accountId}:key/${random.hex(8)}`,
      MultiAZ: 'Disabled',
      PubliclyAccessible: random.chance(0.2),
      VpcId: idOf(making, 'vpc', 0),
      VpcSecurityGroups: [{ VpcSecurityGroupId: idOf(making, 'sg', 0), Status: 'active' }],
      Tags: tagsFor(random, undefined),
    };
    return { type: 'redshift_cluster', arn: `arn:aws:redshift:${region}:${account.accountId}:cluster:${id}`, item };
  },
  alter: (item, turn) => ({ ...item, NumberOfNodes: (item.NumberOfNodes ?? 0) + turn }),
};
