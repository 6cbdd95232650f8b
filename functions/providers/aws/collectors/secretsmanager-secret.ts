import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import { known } from '../../../domain/resource.ts';
import { awsCollector, fields, tagsOf, time } from '../collector.ts';
import { tags } from '../schemas.ts';

export const facts = {
  name: 'secretsmanager_secret',
  service: 'secretsmanager',
  scope: 'region',
  types: ['secretsmanager_secret'],
  permissions: ['secretsmanager:ListSecrets'],
} as const satisfies CollectorFacts;

/** Metadata only: no call of ours reads a value. @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html */
export const collector = /* @__PURE__ */ awsCollector(facts, () => ({
  item: z.object({
    ARN: z.string(),
    Name: z.string(),
    KmsKeyId: z.string().optional(),
    RotationEnabled: z.boolean().optional(),
    LastRotatedDate: z.date().optional(),
    LastChangedDate: z.date().optional(),
    CreatedDate: z.date().optional(),
    DeletedDate: z.date().optional(),
    OwningService: z.string().optional(),
    PrimaryRegion: z.string().optional(),
    Tags: tags,
  }),
  async page(aws, token) {
    const command = new ListSecretsCommand({ MaxResults: 100, NextToken: token });
    const answer = await aws.client(SecretsManagerClient).send(command);
    return { items: answer.SecretList, next: answer.NextToken };
  },
  toResource: (item, { region }) => ({
    external_id: item.ARN,
    name: item.Name,
    region,
    status: item.DeletedDate === undefined ? 'active' : 'deleted',
    tags: tagsOf(item.Tags),
    ...time(item.CreatedDate),
    configuration: fields({
      // Every secret is encrypted; without a key it is the one that AWS manages for the service.
      encrypted: 'yes',
      encryption_key: item.KmsKeyId ?? 'aws/secretsmanager',
      rotation: known(item.RotationEnabled),
      last_rotated: item.LastRotatedDate?.toISOString(),
      last_changed: item.LastChangedDate?.toISOString(),
      owning_service: item.OwningService,
      primary_region: item.PrimaryRegion,
      public: 'unknown',
      public_reason: 'the list of secrets does not hold their policies',
    }),
  }),
}));
