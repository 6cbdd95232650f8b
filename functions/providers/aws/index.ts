import type { CollectingCloud, ConnectingCloud } from '../contract.ts';
import { type AwsCredentials, decode, encode, parseCredentials } from './credentials.ts';
import { awsFacts } from './facts.ts';
import { open, prove } from './session.ts';

/** AWS as connect needs it. */
export const connecting: ConnectingCloud<AwsCredentials> = { facts: awsFacts, parse: parseCredentials, prove, encode };

/** AWS as collect needs it, with the SDK of every collector within reach. */
export const collecting: CollectingCloud<AwsCredentials> = { facts: awsFacts, decode, open };
