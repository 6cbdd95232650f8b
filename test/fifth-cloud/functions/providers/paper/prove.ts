import * as z from 'zod';
import { CloudUnavailableError, type ConnectingCloud, CredentialsError } from '../contract.ts';
import { get, PaperError } from './client.ts';
import { encode, type PaperCredentials, parse } from './credentials.ts';
import { paperFacts } from './facts.ts';

export const connecting: ConnectingCloud<PaperCredentials> = {
  facts: paperFacts,
  parse,
  encode,
  async prove(credentials) {
    try {
      return z.object({ account: z.string().min(1) }).parse(await get(credentials, '/v1/me'));
    } catch (error) {
      if (error instanceof PaperError && error.status === 401) {
        throw new CredentialsError('CREDENTIALS_REJECTED', 'The cloud does not accept this key.');
      }
      throw new CloudUnavailableError();
    }
  },
};
