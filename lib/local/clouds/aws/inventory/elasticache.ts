import type { CacheCluster } from '@aws-sdk/client-elasticache';
import { CANARY } from '../accounts.ts';
import { idOf } from './ec2-ids.ts';
import { byBusiness, type Kind } from './kind.ts';

export const caches: Kind<CacheCluster> = {
  name: 'elasticache_cluster',
  global: false,
  count: byBusiness([0, 0, 1, 3]),
  make(making) {
    const { account, region, index, random } = making;
    const group = `cache-${Math.floor(index / 2)}`;
    const id = `${group}-00${(index % 2) + 1}`;
    const arn = `arn:aws:elasticache:${region}:${account.accountId}:cluster:${id}`;
    const item: CacheCluster = {
      CacheClusterId: id,
      ARN: arn,
      CacheClusterStatus: 'available',
      CacheClusterCreateTime: random.date(),
      CacheNodeType: random.pick('cache.t4g.small', 'cache.r7g.large'),
      CacheSubnetGroupName: 'default',
      Engine: random.pick('valkey', 'redis'),
      EngineVersion: '7.2',
      NumCacheNodes: 1,
      PreferredAvailabilityZone: `${region}a`,
      ReplicationGroupId: group,
      SnapshotRetentionLimit: random.pick(0, 1, 7),
      AtRestEncryptionEnabled: random.chance(0.8),
      TransitEncryptionEnabled: random.chance(0.7),
      AuthTokenEnabled: random.chance(0.5),
      AutoMinorVersionUpgrade: true,
      SecurityGroups: [{ SecurityGroupId: idOf(making, 'sg', 0), Status: 'active' }],
      NotificationConfiguration: { TopicArn: CANARY, TopicStatus: 'active' },
      PendingModifiedValues: { AuthTokenStatus: 'SETTING' },
    };
    return { type: 'elasticache_cluster', arn, item };
  },
  alter: (item, turn) => ({ ...item, NumCacheNodes: (item.NumCacheNodes ?? 0) + turn }),
};
