import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { arnOfSecret } from './account.ts';
import { action, ServiceError, serveAwsJson } from './aws-json.ts';
import type { Endpoint } from './loopback.ts';
import { SecretFiles, type StoredSecret } from './secret-files.ts';

const name = z.string().regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/);
const secretId = z.string().min(1).max(2048);
const tags = z
  .array(z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256) }))
  .max(50)
  .default([]);
const value = { SecretString: z.string().min(1).max(65_536).optional(), SecretBinary: z.string().min(1).optional() };
const filter = z.object({ Key: z.enum(['name', 'all']), Values: z.array(z.string()) });
const GONE = "You can't perform this operation on the secret because it was marked for deletion.";

/** The local Secrets Manager. */
export interface Secrets extends Endpoint {
  /** How often each action was called on each secret: `GetSecretValue stack/aws/x` -> 2. Refused calls count too. */
  calls(): Readonly<Record<string, number>>;
}

/** Serves as much of Secrets Manager as the stack's functions may call, out of the files of a folder. */
export async function startSecrets(folder: string): Promise<Secrets> {
  const files = new SecretFiles(folder);
  const calls = new Map<string, number>();
  const count = (called: string, id: string): void => {
    const key = `${called} ${files.find(id)?.name ?? id}`;
    calls.set(key, (calls.get(key) ?? 0) + 1);
  };
  const existing = (called: string, id: string): StoredSecret => {
    count(called, id);
    const secret = files.find(id);
    if (secret === undefined)
      throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    return secret;
  };
  const living = (called: string, id: string): StoredSecret => {
    const secret = existing(called, id);
    if (secret.deletionDate !== undefined) throw new ServiceError('InvalidRequestException', GONE);
    return secret;
  };

  const create = {
    Name: name,
    ClientRequestToken: z
      .string()
      .min(32)
      .max(64)
      .default(() => randomUUID()),
    Tags: tags,
    Description: z.string().max(2048).optional(),
    KmsKeyId: z.string().max(2048).optional(),
    ...value,
  };
  const endpoint = await serveAwsJson({
    CreateSecret: action(z.strictObject(create), (input) => {
      count('CreateSecret', input.Name);
      const given = givenValue(input);
      const there = files.find(input.Name);
      if (there?.deletionDate !== undefined)
        throw new ServiceError(
          'InvalidRequestException',
          "You can't create this secret because a secret with this name is already scheduled for deletion.",
        );
      // The same token with the same value is the same call again, its first answer lost on the way.
      const again =
        there?.versionId === input.ClientRequestToken && JSON.stringify(there.value) === JSON.stringify(given);
      if (there !== undefined && !again)
        throw new ServiceError(
          'ResourceExistsException',
          `The operation failed because the secret ${input.Name} already exists.`,
        );
      const secret = there ?? {
        schema: 1 as const,
        name: input.Name,
        arn: arnOfSecret(input.Name),
        versionId: input.ClientRequestToken,
        createdAt: Date.now() / 1000,
        value: given,
        description: input.Description,
        keyId: input.KmsKeyId,
        tags: Object.fromEntries(input.Tags.map((tag) => [tag.Key, tag.Value])),
      };
      if (there === undefined) files.write(secret);
      return { ARN: secret.arn, Name: secret.name, VersionId: secret.versionId };
    }),
    GetSecretValue: action(
      z.strictObject({ SecretId: secretId, VersionId: z.string().optional(), VersionStage: z.string().optional() }),
      (input) => {
        const secret = living('GetSecretValue', input.SecretId);
        if (
          (input.VersionId ?? secret.versionId) !== secret.versionId ||
          (input.VersionStage ?? 'AWSCURRENT') !== 'AWSCURRENT'
        ) {
          throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret value.");
        }
        return {
          ARN: secret.arn,
          Name: secret.name,
          VersionId: secret.versionId,
          VersionStages: ['AWSCURRENT'],
          CreatedDate: secret.createdAt,
          ...secret.value,
        };
      },
    ),
    DeleteSecret: action(
      z.strictObject({
        SecretId: secretId,
        ForceDeleteWithoutRecovery: z.boolean().optional(),
        RecoveryWindowInDays: z.number().int().optional(),
      }),
      (input) => {
        const forced = input.ForceDeleteWithoutRecovery === true;
        const days = input.RecoveryWindowInDays ?? 30;
        if (forced && input.RecoveryWindowInDays !== undefined)
          throw new ServiceError(
            'InvalidParameterException',
            "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
          );
        if (days < 7 || days > 30)
          throw new ServiceError(
            'InvalidParameterException',
            'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
          );
        if (!forced) {
          const secret = living('DeleteSecret', input.SecretId);
          const deletionDate = Date.now() / 1000 + days * 86_400;
          files.write({ ...secret, deletionDate });
          return { ARN: secret.arn, Name: secret.name, DeletionDate: deletionDate };
        }
        // As at AWS, destroying what does not exist succeeds, and so does destroying what only waits for its end.
        count('DeleteSecret', input.SecretId);
        const secret = files.find(input.SecretId);
        if (secret !== undefined) files.remove(secret);
        return { ARN: secret?.arn, Name: secret?.name ?? input.SecretId, DeletionDate: Date.now() / 1000 };
      },
    ),
    DescribeSecret: action(z.strictObject({ SecretId: secretId }), (input) =>
      described(existing('DescribeSecret', input.SecretId)),
    ),
    TagResource: action(z.strictObject({ SecretId: secretId, Tags: tags }), (input) => {
      const secret = living('TagResource', input.SecretId);
      files.write({
        ...secret,
        tags: { ...secret.tags, ...Object.fromEntries(input.Tags.map((tag) => [tag.Key, tag.Value])) },
      });
    }),
    ListSecrets: action(
      z.strictObject({
        Filters: z.array(filter).default([]),
        IncludePlannedDeletion: z.boolean().default(false),
        MaxResults: z.number().int().min(1).max(100).default(100),
        NextToken: z.string().optional(),
      }),
      (input) => {
        count('ListSecrets', '*');
        const wanted = files
          .list()
          .filter((secret) => input.IncludePlannedDeletion || secret.deletionDate === undefined)
          .filter((secret) =>
            input.Filters.every(({ Values }) => Values.some((prefix) => secret.name.startsWith(prefix))),
          )
          .filter((secret) => input.NextToken === undefined || secret.name > input.NextToken);
        const page = wanted.slice(0, input.MaxResults);
        return {
          SecretList: page.map(described),
          NextToken: page.length < wanted.length ? page.at(-1)?.name : undefined,
        };
      },
    ),
  });
  return { ...endpoint, calls: () => Object.fromEntries(calls) };
}

function givenValue(input: {
  SecretString?: string | undefined;
  SecretBinary?: string | undefined;
}): StoredSecret['value'] {
  if (input.SecretString !== undefined && input.SecretBinary === undefined) return { SecretString: input.SecretString };
  if (input.SecretBinary !== undefined && input.SecretString === undefined) return { SecretBinary: input.SecretBinary };
  throw new ServiceError('InvalidParameterException', 'You must provide either SecretString or SecretBinary.');
}

function described(secret: StoredSecret): Record<string, unknown> {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.keyId,
    CreatedDate: secret.createdAt,
    DeletedDate: secret.deletionDate,
    Tags: Object.entries(secret.tags).map(([Key, Value]) => ({ Key, Value })),
    VersionIdsToStages: { [secret.versionId]: ['AWSCURRENT'] },
  };
}
