import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateUserCommand,
  DeletePolicyVersionCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { z } from 'zod';
import type { Keys } from './aws-collect.ts';

const named = z.object({ Policy: z.object({ Arn: z.string() }) });
const made = z.object({ AccessKey: z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string() }) });
const versioned = z.object({ PolicyVersion: z.object({ VersionId: z.string() }) });

/** A customer's user that may do what one policy says. */
export interface Customer {
  readonly keys: Keys;
  /** Puts another document in the policy's place. */
  grant(document: unknown): Promise<void>;
}

/**
 * Does what `GET /aws/permissions` tells a customer to do: a policy of that document, a user that it is attached to, and
 * a key of that user. @param root the account's own keys
 */
export async function makeCustomer(url: string, root: Keys, document: unknown): Promise<Customer> {
  const iam = new IAMClient({ region: 'us-east-1', endpoint: url, credentials: root });
  const policy = { PolicyName: 'InfraAuditRead', PolicyDocument: JSON.stringify(document) };
  const { Arn: PolicyArn } = named.parse(await iam.send(new CreatePolicyCommand(policy))).Policy;
  await iam.send(new CreateUserCommand({ UserName: 'infraaudit' }));
  await iam.send(new AttachUserPolicyCommand({ UserName: 'infraaudit', PolicyArn }));
  const { AccessKey: key } = made.parse(await iam.send(new CreateAccessKeyCommand({ UserName: 'infraaudit' })));
  let current = 'v1';
  return {
    keys: { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey },
    async grant(other) {
      const version = { PolicyArn, PolicyDocument: JSON.stringify(other), SetAsDefault: true };
      const { PolicyVersion } = versioned.parse(await iam.send(new CreatePolicyVersionCommand(version)));
      // A policy has five versions at most.
      await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: current }));
      current = PolicyVersion.VersionId;
    },
  };
}
