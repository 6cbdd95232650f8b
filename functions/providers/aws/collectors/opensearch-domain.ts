import { DescribeDomainsCommand, ListDomainNamesCommand, OpenSearchClient } from '@aws-sdk/client-opensearch';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields } from '../collector.ts';

export const facts = {
  name: 'opensearch_domain',
  service: 'es',
  scope: 'region',
  types: ['opensearch_domain'],
  permissions: ['es:ListDomainNames', 'es:DescribeDomains'],
} as const satisfies CollectorFacts;

/** The list of names has no pages. @see https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeDomains.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    ARN: z.string(),
    DomainName: z.string(),
    Created: z.boolean().optional(),
    Deleted: z.boolean().optional(),
    Processing: z.boolean().optional(),
    Endpoint: z.string().optional(),
    EngineVersion: z.string().optional(),
    ClusterConfig: z
      .object({
        InstanceType: z.string().optional(),
        InstanceCount: z.number().optional(),
        DedicatedMasterEnabled: z.boolean().optional(),
        ZoneAwarenessEnabled: z.boolean().optional(),
      })
      .optional(),
    AdvancedSecurityOptions: z.object({ Enabled: z.boolean().optional() }).optional(),
    DomainEndpointOptions: z
      .object({ EnforceHTTPS: z.boolean().optional(), TLSSecurityPolicy: z.string().optional() })
      .optional(),
    EncryptionAtRestOptions: z.object({ Enabled: z.boolean().optional(), KmsKeyId: z.string().optional() }).optional(),
    NodeToNodeEncryptionOptions: z.object({ Enabled: z.boolean().optional() }).optional(),
    VPCOptions: z.object({ VPCId: z.string().optional() }).optional(),
  }),
  async page(aws) {
    const answer = await aws.client(OpenSearchClient).send(new ListDomainNamesCommand({}));
    return { items: answer.DomainNames?.map(({ DomainName }) => DomainName) };
  },
  describe: {
    batch: 5,
    // A domain that was deleted meanwhile is left out.
    async call(aws, names) {
      const command = new DescribeDomainsCommand({ DomainNames: z.array(z.string()).parse(names) });
      return (await aws.client(OpenSearchClient).send(command)).DomainStatusList ?? [];
    },
  },
  toResource: (item, { region }) => ({
    external_id: item.ARN,
    name: item.DomainName,
    region,
    status: statusOf(item),
    tags: {},
    configuration: fields({
      engine_version: item.EngineVersion,
      instance_type: item.ClusterConfig?.InstanceType,
      instances: item.ClusterConfig?.InstanceCount,
      dedicated_masters: known(item.ClusterConfig?.DedicatedMasterEnabled),
      zone_aware: known(item.ClusterConfig?.ZoneAwarenessEnabled),
      // A domain in a network answers its endpoints by another name.
      public: item.VPCOptions?.VPCId ? 'no' : item.Endpoint ? 'yes' : 'unknown',
      vpc: item.VPCOptions?.VPCId || undefined,
      encrypted: known(item.EncryptionAtRestOptions?.Enabled),
      kms_key: item.EncryptionAtRestOptions?.KmsKeyId,
      encrypted_between_nodes: known(item.NodeToNodeEncryptionOptions?.Enabled),
      https_only: known(item.DomainEndpointOptions?.EnforceHTTPS),
      least_tls: item.DomainEndpointOptions?.TLSSecurityPolicy,
      fine_grained_access: known(item.AdvancedSecurityOptions?.Enabled),
    }),
  }),
}));

function statusOf(item: {
  readonly Created?: boolean | undefined;
  readonly Deleted?: boolean | undefined;
  readonly Processing?: boolean | undefined;
}): string {
  if (item.Deleted === true) return 'deleted';
  if (item.Created === false) return 'creating';
  return item.Processing === true ? 'processing' : 'active';
}
