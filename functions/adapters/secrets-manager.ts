import { createHash } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { SecretCreator, SecretDeleter, SecretReader } from '../domain/ports.ts';
import { adapter } from '../runtime/adapter.ts';
import { Secret } from '../runtime/secret.ts';
import { setting } from '../runtime/settings.ts';

/** Days in which a secret that nobody asked to delete can still be restored. */
const RECOVERY_DAYS = 7;

const fullName = (name: string): string => `${setting('secrets').prefix}/${name}`;

export const secretCreator = adapter('createSecrets', (): SecretCreator => {
  const client = new SecretsManagerClient({});
  return {
    async create(name, value, tags) {
      const { keyId } = setting('secrets');
      try {
        await client.send(
          new CreateSecretCommand({
            Name: fullName(name),
            SecretString: value.reveal(),
            // The name is random, so a token made of it makes the SDK's own retries and ours one creation.
            ClientRequestToken: createHash('sha256').update(name).digest('hex').slice(0, 32),
            Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
            ...(keyId === undefined ? {} : { KmsKeyId: keyId }),
          }),
        );
      } catch (error) {
        if (!(error instanceof ResourceExistsException)) throw error;
      }
    },
  };
});

export const secretReader = adapter('readSecrets', (): SecretReader => {
  const client = new SecretsManagerClient({});
  return {
    async read(name) {
      try {
        const answer = await client.send(new GetSecretValueCommand({ SecretId: fullName(name) }));
        return answer.SecretString === undefined ? undefined : new Secret(answer.SecretString);
      } catch (error) {
        // A secret marked for deletion answers InvalidRequestException: for a reader it is gone.
        if (error instanceof ResourceNotFoundException || error instanceof InvalidRequestException) return undefined;
        throw error;
      }
    },
  };
});

export const secretDeleter = adapter('deleteSecrets', (): SecretDeleter => {
  const client = new SecretsManagerClient({});
  return {
    async remove(name, how) {
      const window = how === 'forced' ? { ForceDeleteWithoutRecovery: true } : { RecoveryWindowInDays: RECOVERY_DAYS };
      try {
        await client.send(new DeleteSecretCommand({ SecretId: fullName(name), ...window }));
        return 'removed';
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return 'missing';
        // Marked for deletion already: that is what a recoverable removal wanted. A forced one must not stop there.
        if (error instanceof InvalidRequestException && how === 'recoverable') return 'missing';
        throw error;
      }
    },
  };
});
