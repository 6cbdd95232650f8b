import { DescribeClusterCommand, EKSClient, ListClustersCommand, ResourceNotFoundException } from '@aws-sdk/client-eks';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields, time } from '../collector.ts';

export const facts = {
  name: 'eks_cluster',
  service: 'eks',
  scope: 'region',
  types: ['eks_cluster'],
  permissions: ['eks:ListClusters', 'eks:DescribeCluster'],
} as const satisfies CollectorFacts;

/** @see https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeCluster.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    arn: z.string(),
    name: z.string().optional(),
    status: z.string().optional(),
    createdAt: z.date().optional(),
    version: z.string().optional(),
    platformVersion: z.string().optional(),
    roleArn: z.string().optional(),
    deletionProtection: z.boolean().optional(),
    accessConfig: z.object({ authenticationMode: z.string().optional() }).optional(),
    encryptionConfig: z
      .array(z.object({ provider: z.object({ keyArn: z.string().optional() }).optional() }))
      .optional(),
    logging: z
      .object({
        clusterLogging: z
          .array(z.object({ enabled: z.boolean().optional(), types: z.array(z.string()).optional() }))
          .optional(),
      })
      .optional(),
    resourcesVpcConfig: z
      .object({
        vpcId: z.string().optional(),
        subnetIds: z.array(z.string()).optional(),
        endpointPublicAccess: z.boolean().optional(),
        endpointPrivateAccess: z.boolean().optional(),
        publicAccessCidrs: z.array(z.string()).optional(),
      })
      .optional(),
    tags: z.record(z.string(), z.string()).optional(),
  }),
  async page(aws, token) {
    const answer = await aws.client(EKSClient).send(new ListClustersCommand({ maxResults: 100, nextToken: token }));
    return { items: answer.clusters, next: answer.nextToken };
  },
  describe: {
    batch: 1,
    async call(aws, [name]) {
      try {
        const command = new DescribeClusterCommand({ name: z.string().parse(name) });
        return [(await aws.client(EKSClient).send(command)).cluster];
      } catch (error) {
        // Deleted between the list and this call: it is not there.
        if (error instanceof ResourceNotFoundException) return [];
        throw error;
      }
    },
  },
  toResource: (item, { region }) => {
    const network = item.resourcesVpcConfig;
    const logs = item.logging?.clusterLogging?.filter(({ enabled }) => enabled === true);
    return {
      external_id: item.arn,
      name: item.name ?? item.arn,
      region,
      status: (item.status ?? 'unknown').toLowerCase(),
      tags: item.tags ?? {},
      ...time(item.createdAt),
      configuration: fields({
        version: item.version,
        platform_version: item.platformVersion,
        public: known(network?.endpointPublicAccess),
        public_from: network?.publicAccessCidrs,
        private_endpoint: known(network?.endpointPrivateAccess),
        authentication: item.accessConfig?.authenticationMode,
        // Without a key of the customer's, whether secrets are sealed at all depends on the version.
        secrets_kms_key: item.encryptionConfig?.[0]?.provider?.keyArn ?? 'unknown',
        logs: logs?.flatMap(({ types = [] }) => types),
        deletion_protection: known(item.deletionProtection),
        role: item.roleArn,
        vpc: network?.vpcId,
        subnets: network?.subnetIds,
      }),
    };
  },
}));
