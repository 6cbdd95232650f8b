import * as z from 'zod';
import { Secret } from '../../runtime/secret.ts';
import { CredentialsError } from '../contract.ts';
import { paperFacts } from './facts.ts';

const storedSchema = z.strictObject({ v: z.literal(1), apiKey: z.string() });
export type PaperCredentials = z.infer<typeof storedSchema>;

/** @throws CredentialsError INVALID_CREDENTIAL */
export function parse(body: unknown): Secret<PaperCredentials> {
  const { apiKey } = paperFacts.body.parse(body);
  if (!/^pk_[a-z0-9]{24}$/.test(apiKey)) throw new CredentialsError('INVALID_CREDENTIAL', 'apiKey: is not a key.');
  return new Secret({ v: 1, apiKey });
}

export const encode = (credentials: Secret<PaperCredentials>): Secret<string> =>
  new Secret(JSON.stringify(credentials.reveal()));
export const decode = (text: Secret<string>): Secret<PaperCredentials> =>
  new Secret(storedSchema.parse(JSON.parse(text.reveal())));
