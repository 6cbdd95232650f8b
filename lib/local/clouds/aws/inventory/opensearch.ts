import type { DomainStatus } from '@aws-sdk/client-opensearch';
import { CANARY } from '../accounts.ts';
import { idOf } from './ec2-ids.ts';
import { byBusiness, type Kind } from './kind.ts';

export const domains: Kind<DomainStatus> = {
  name: 'opensearch_domain',
  global: false,
  count: byBusiness([0, 0, 1, 2]),
  make(making) {
    const { account, region, index, random } = making;
    const name = `domain-${index}`;
    const arn = `arn:aws:es:${region}:${account.accountId}:domain/${name}`;
    const host = `${name}-${random.hex(12)}.${region}.es.amazonaws.com`;
    const inside = random.chance(0.6);
    const item: DomainStatus = {
      DomainId: `${account.accountId}/${name}`,
      DomainName: name,
      ARN: arn,
      Created: true,
      Deleted: false,
      Processing: index === 1,
      EngineVersion: random.pick('OpenSearch_2.19', 'OpenSearch_3.1'),
      ClusterConfig: {
        InstanceType: random.pick('t3.small.search', 'r6g.large.search'),
        InstanceCount: 1 + random.below(4),
        DedicatedMasterEnabled: false,
        ZoneAwarenessEnabled: random.chance(0.5),
      },
      AccessPolicies: JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: CANARY }] }),
      AdvancedOptions: { 'rest.action.multi.allow_explicit_index': CANARY },
      AdvancedSecurityOptions: { Enabled: random.chance(0.5), SAMLOptions: { SubjectKey: CANARY } },
      DomainEndpointOptions: { EnforceHTTPS: random.chance(0.8), TLSSecurityPolicy: 'Policy-Min-TLS-1-2-2019-07' },
      EncryptionAtRestOptions: { Enabled: random.chance(0.8) },
      NodeToNodeEncryptionOptions: { Enabled: random.chance(0.8) },
      ...(inside
        ? { VPCOptions: { VPCId: idOf(making, 'vpc', 0) }, Endpoints: { vpc: `vpc-${host}` } }
        : { Endpoint: `search-${host}` }),
    };
    return { type: 'opensearch_domain', arn, item };
  },
  alter: (item, turn) => ({ ...item, ClusterConfig: { ...item.ClusterConfig, InstanceCount: 10 + turn } }),
};
