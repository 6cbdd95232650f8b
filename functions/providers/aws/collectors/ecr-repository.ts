import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields, time } from '../collector.ts';

export const facts = {
  name: 'ecr_repository',
  service: 'ecr',
  scope: 'region',
  types: ['ecr_repository'],
  permissions: ['ecr:DescribeRepositories'],
} as const satisfies CollectorFacts;

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRepositories.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    repositoryArn: z.string(),
    repositoryName: z.string(),
    repositoryUri: z.string().optional(),
    createdAt: z.date().optional(),
    imageTagMutability: z.string().optional(),
    imageScanningConfiguration: z.object({ scanOnPush: z.boolean().optional() }).optional(),
    encryptionConfiguration: z
      .object({ encryptionType: z.string().optional(), kmsKey: z.string().optional() })
      .optional(),
  }),
  async page(aws, token) {
    const command = new DescribeRepositoriesCommand({ maxResults: 1000, nextToken: token });
    const answer = await aws.client(ECRClient).send(command);
    return { items: answer.repositories, next: answer.nextToken };
  },
  toResource: (item, { region }) => ({
    external_id: item.repositoryArn,
    name: item.repositoryName,
    region,
    status: 'active',
    tags: {},
    ...time(item.createdAt),
    configuration: fields({
      uri: item.repositoryUri,
      // Every repository is encrypted; the question is with whose key.
      encrypted: 'yes',
      encryption: item.encryptionConfiguration?.encryptionType,
      kms_key: item.encryptionConfiguration?.kmsKey,
      scan_on_push: known(item.imageScanningConfiguration?.scanOnPush),
      tag_mutability: item.imageTagMutability,
      public: 'unknown',
      public_reason: 'the list of repositories does not hold their policies',
    }),
  }),
}));
