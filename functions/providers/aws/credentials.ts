import * as z from 'zod';
import { Secret } from '../../runtime/secret.ts';
import { CredentialsError } from '../contract.ts';
import { awsFacts } from './facts.ts';
import { isOtherPartition, isRegion } from './regions.ts';

/** A long-term access key of an IAM user. `form` leaves room for a role to assume. */
const storedSchema = z.strictObject({
  v: z.literal(1),
  form: z.literal('key'),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  region: z.string(),
});
export type AwsCredentials = z.infer<typeof storedSchema>;

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes */
const LONG_TERM_KEY = /^AKIA[A-Z0-9]{16}$/;
const TEMPORARY_KEY = /^ASIA[A-Z0-9]{16}$/;
const SECRET_KEY = /^[A-Za-z0-9/+=]{40}$/;

/**
 * Reads the connect body by AWS's own forms, without a call. Nothing of it is ever quoted.
 * @throws CredentialsError INVALID_CREDENTIAL, INVALID_REGION, UNSUPPORTED_PARTITION
 */
export function parseCredentials(body: unknown): Secret<AwsCredentials> {
  const { accessKeyId, secretAccessKey, region } = awsFacts.body.parse(body);
  if (TEMPORARY_KEY.test(accessKeyId)) {
    throw new CredentialsError('INVALID_CREDENTIAL', 'accessKeyId: temporary keys (ASIA…) expire and are not taken.');
  }
  if (!LONG_TERM_KEY.test(accessKeyId)) {
    throw new CredentialsError('INVALID_CREDENTIAL', 'accessKeyId: must be AKIA and 16 capital letters or digits.');
  }
  if (!SECRET_KEY.test(secretAccessKey)) {
    throw new CredentialsError('INVALID_CREDENTIAL', 'secretAccessKey: must be 40 characters of A-Z a-z 0-9 / + =.');
  }
  if (isOtherPartition(region)) {
    throw new CredentialsError('UNSUPPORTED_PARTITION', 'region: only the commercial partition (aws) is supported.');
  }
  if (!isRegion(region)) {
    throw new CredentialsError('INVALID_REGION', 'region: must be an AWS region such as us-east-1.');
  }
  return new Secret({ v: 1, form: 'key', accessKeyId, secretAccessKey, region });
}

export const encode = (credentials: Secret<AwsCredentials>): Secret<string> =>
  new Secret(JSON.stringify(credentials.reveal()));

/** @throws on a text of another version; the error may quote it and must not be logged. */
export const decode = (text: Secret<string>): Secret<AwsCredentials> =>
  new Secret(storedSchema.parse(JSON.parse(text.reveal())));
