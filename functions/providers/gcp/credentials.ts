import * as z from 'zod';
import { Secret } from '../../runtime/secret.ts';
import { CredentialsError } from '../contract.ts';
import { gcpFacts } from './facts.ts';
import { TOKEN_URIS, UNIVERSE } from './hosts.ts';
import { readPrivateKey } from './private-key.ts';

/** A service account's key, of its file only what signs. `form` leaves room for other forms. */
const storedSchema = z.strictObject({
  v: z.literal(1),
  form: z.literal('key'),
  clientEmail: z.string(),
  privateKeyId: z.string().optional(),
  /** PEM, PKCS #8, as we wrote it. */
  privateKey: z.string(),
  projectId: z.string(),
  billingDataset: z.string().optional(),
});
export type GcpCredentials = z.infer<typeof storedSchema>;

/** A key file has 2.4 KB; the largest key that is taken makes 7 KB of it. Characters. */
const MOST_CHARACTERS = 16_384;
/** @see https://cloud.google.com/resource-manager/docs/creating-managing-projects#before_you_begin */
const PROJECT_ID = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
/** @see https://cloud.google.com/bigquery/docs/datasets#dataset-naming */
const DATASET_ID = /^[A-Za-z0-9_]{1,1024}$/;
/** @see https://cloud.google.com/iam/docs/service-account-types */
const CLIENT_EMAIL =
  /^[a-z0-9](?:[a-z0-9.-]{0,98}[a-z0-9])?@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+gserviceaccount\.com$/;
const KEY_ID = /^[0-9a-f]{1,64}$/;

/** What is read of a key file; everything else in it is left alone. */
const keyFileSchema = z.object({
  type: z.string(),
  client_email: z.string(),
  private_key: z.string(),
  private_key_id: z.string().optional(),
  token_uri: z.string().optional(),
  universe_domain: z.string().optional(),
});

/**
 * Reads the connect body by Google's own forms, without a call. Nothing of it is ever quoted.
 * @throws CredentialsError INVALID_CREDENTIAL, UNSUPPORTED_CREDENTIAL_TYPE, UNSUPPORTED_UNIVERSE, INVALID_PROJECT,
 *   INVALID_DATASET
 */
export function parseCredentials(body: unknown): Secret<GcpCredentials> {
  const { serviceAccountJson, projectId, billingDataset } = gcpFacts.body.parse(body);
  if (!PROJECT_ID.test(projectId)) {
    throw new CredentialsError(
      'INVALID_PROJECT',
      'projectId: must be the id of a project: 6 to 30 lower-case letters, digits or hyphens, a letter first.',
    );
  }
  if (billingDataset !== undefined && billingDataset !== '' && !DATASET_ID.test(billingDataset)) {
    throw new CredentialsError(
      'INVALID_DATASET',
      'billingDataset: must be the id of a data set in the project, of letters, digits and underscores.',
    );
  }
  const key = readKeyFile(serviceAccountJson);
  return new Secret({
    v: 1,
    form: 'key',
    ...key,
    projectId,
    ...(billingDataset === undefined || billingDataset === '' ? {} : { billingDataset }),
  });
}

function readKeyFile(text: string): Pick<GcpCredentials, 'clientEmail' | 'privateKey' | 'privateKeyId'> {
  const file = fileOf(text);
  if (file.universe_domain !== undefined && file.universe_domain !== UNIVERSE) {
    throw new CredentialsError('UNSUPPORTED_UNIVERSE', `serviceAccountJson: only keys of ${UNIVERSE} are supported.`);
  }
  if (file.token_uri !== undefined && !TOKEN_URIS.includes(file.token_uri)) {
    throw invalid("token_uri must be Google's own.");
  }
  if (!CLIENT_EMAIL.test(file.client_email)) {
    throw invalid('client_email must be the address of a service account, below gserviceaccount.com.');
  }
  if (file.private_key_id !== undefined && !KEY_ID.test(file.private_key_id)) {
    throw invalid('private_key_id must be hexadecimal.');
  }
  const privateKey = readPrivateKey(file.private_key);
  if (privateKey === undefined) {
    throw invalid('private_key must be an RSA key of 2048 to 8192 bit in PEM, not encrypted.');
  }
  const { client_email: clientEmail, private_key_id: privateKeyId } = file;
  return { clientEmail, privateKey, ...(privateKeyId === undefined ? {} : { privateKeyId }) };
}

function fileOf(text: string): z.infer<typeof keyFileSchema> {
  if (text.length > MOST_CHARACTERS) throw invalid('must not be larger than a key file.');
  const value = parseJson(text);
  const typed = z.object({ type: z.string() }).safeParse(value);
  if (typed.success && typed.data.type !== 'service_account') {
    throw new CredentialsError(
      'UNSUPPORTED_CREDENTIAL_TYPE',
      'serviceAccountJson: only the key of a service account (type service_account) is taken.',
      'Make one by: gcloud iam service-accounts keys create key.json --iam-account=ACCOUNT',
    );
  }
  const parsed = keyFileSchema.safeParse(value);
  if (!parsed.success) {
    throw invalid('must be a key file with type, client_email and private_key, each of them text.');
  }
  return parsed.data;
}

/** The parser's own message would quote the text. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('must be JSON, as the key file holds it.');
  }
}

const invalid = (rule: string): CredentialsError =>
  new CredentialsError('INVALID_CREDENTIAL', `serviceAccountJson: ${rule}`);

export const encode = (credentials: Secret<GcpCredentials>): Secret<string> =>
  new Secret(JSON.stringify(credentials.reveal()));

/** @throws on a text of another version; the error may quote it and must not be logged. */
export const decode = (text: Secret<string>): Secret<GcpCredentials> =>
  new Secret(storedSchema.parse(JSON.parse(text.reveal())));
