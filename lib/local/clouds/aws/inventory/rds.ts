import type { DBCluster, DBInstance, DBSnapshot } from '@aws-sdk/client-rds';
import { CANARY } from '../accounts.ts';
import { altered, byBusiness, type Kind, tagsFor } from './kind.ts';

/** RDS's lists hold Neptune and DocumentDB too. */
const ENGINES = ['postgres', 'aurora-postgresql', 'mysql', 'neptune', 'docdb'] as const;
const typeOf = (engine: string, what: string): string =>
  `${engine === 'neptune' || engine === 'docdb' ? engine : 'rds'}_${what}`;

export const databases: Kind<DBInstance> = {
  name: 'rds_instance',
  global: false,
  count: byBusiness([0, 0, 2, 6]),
  make({ account, region, index, random }) {
    const engine = ENGINES[index % ENGINES.length] ?? 'postgres';
    const id = `db-${index}-${random.hex(4)}`;
    const arn = `arn:aws:rds:${region}:${account.accountId}:db:${id}`;
    const item: DBInstance = {
      DBInstanceIdentifier: id,
      DBInstanceArn: arn,
      DBInstanceClass: random.pick('db.t4g.medium', 'db.r7g.large'),
      DBInstanceStatus: index % 5 === 2 ? 'stopped' : 'available',
      Engine: engine,
      EngineVersion: '16.4',
      MasterUsername: CANARY,
      AllocatedStorage: random.pick(20, 100, 400),
      InstanceCreateTime: random.date(),
      BackupRetentionPeriod: random.pick(0, 7, 35),
      MultiAZ: random.chance(0.5),
      PubliclyAccessible: random.chance(0.2),
      StorageEncrypted: random.chance(0.8),
      DeletionProtection: random.chance(0.5),
      DBSubnetGroup: { DBSubnetGroupName: 'default', VpcId: `vpc-${random.hex(17)}` },
      TagList: tagsFor(random, undefined),
    };
    return { type: typeOf(engine, 'instance'), arn, item };
  },
  alter: (item, turn) => ({ ...item, AllocatedStorage: (item.AllocatedStorage ?? 0) + turn }),
};

export const clusters: Kind<DBCluster> = {
  name: 'rds_cluster',
  global: false,
  count: byBusiness([0, 0, 1, 4]),
  make({ account, region, index, random }) {
    const engine = ['aurora-postgresql', 'aurora-mysql', 'neptune', 'docdb'][index % 4] ?? 'neptune';
    const id = `cluster-${index}-${random.hex(4)}`;
    const arn = `arn:aws:rds:${region}:${account.accountId}:cluster:${id}`;
    const item: DBCluster = {
      DBClusterIdentifier: id,
      DBClusterArn: arn,
      Status: 'available',
      Engine: engine,
      EngineVersion: '16.4',
      MasterUsername: CANARY,
      ClusterCreateTime: random.date(),
      BackupRetentionPeriod: 7,
      MultiAZ: random.chance(0.5),
      StorageEncrypted: random.chance(0.8),
      DeletionProtection: random.chance(0.5),
      DBClusterMembers: [{ DBInstanceIdentifier: `db-${index}`, IsClusterWriter: true }],
      TagList: tagsFor(random, undefined),
    };
    return { type: typeOf(engine, 'cluster'), arn, item };
  },
  alter: (item, turn) => ({ ...item, TagList: altered(item.TagList, turn) }),
};

export const dbSnapshots: Kind<DBSnapshot> = {
  name: 'rds_snapshot',
  global: false,
  count: byBusiness([0, 0, 6, 30]),
  make({ account, region, index, random }) {
    const automated = index % 4 !== 0;
    const id = `${automated ? 'rds:' : ''}db-${index % 6}-${random.hex(6)}`;
    const arn = `arn:aws:rds:${region}:${account.accountId}:snapshot:${id}`;
    const item: DBSnapshot = {
      DBSnapshotIdentifier: id,
      DBSnapshotArn: arn,
      DBInstanceIdentifier: `db-${index % 6}`,
      SnapshotCreateTime: random.date(),
      SnapshotType: automated ? 'automated' : 'manual',
      Status: 'available',
      Engine: random.pick('postgres', 'mysql'),
      EngineVersion: '16.4',
      MasterUsername: CANARY,
      AllocatedStorage: random.pick(20, 100, 400),
      StorageType: 'gp3',
      PercentProgress: 100,
      Encrypted: random.chance(0.8),
      VpcId: `vpc-${random.hex(17)}`,
      TagList: tagsFor(random, undefined),
    };
    return { type: 'rds_snapshot', arn, item };
  },
  alter: (item, turn) => ({ ...item, TagList: altered(item.TagList, turn) }),
};
