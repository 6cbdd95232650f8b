import type { Cloud } from '../contract.ts';
import { type AwsCredentials, decode, encode, parseCredentials } from './credentials.ts';
import { awsFacts } from './facts.ts';
import { scopes } from './scopes.ts';
import { open, prove } from './session.ts';

/** AWS, with its SDK. */
export const aws: Cloud<AwsCredentials> = {
  facts: awsFacts,
  parse: parseCredentials,
  prove,
  encode,
  decode,
  scopes,
  open,
};
