import * as z from 'zod';
import type { CollectorFacts, Failure } from '../../domain/cloud.ts';
import type { CollectingCloud } from '../contract.ts';
import { get, PaperError } from './client.ts';
import { toSheet } from './collectors/paper-sheet.ts';
import { paper_sheet } from './collectors/registered.ts';
import { decode, type PaperCredentials } from './credentials.ts';
import { paperFacts } from './facts.ts';

const pageSchema = z.object({ sheets: z.array(z.unknown()), next: z.string().optional() });

function classify(error: unknown, { permissions }: Pick<CollectorFacts, 'permissions'>): Failure {
  const status = error instanceof PaperError ? error.status : undefined;
  if (status === 403) return { outcome: 'denied', code: 'FORBIDDEN', permission: permissions[0], retryable: false };
  if (status === 429) return { outcome: 'throttled', code: 'TOO_MANY_REQUESTS', retryable: true };
  if (status === undefined) return { outcome: 'failed', code: 'UNEXPECTED_ANSWER', retryable: false };
  const code = status === 0 ? 'UNREACHABLE' : 'REFUSED';
  return { outcome: 'failed', code, retryable: status === 0 || status >= 500, credentialsRejected: status === 401 };
}

export const collecting: CollectingCloud<PaperCredentials> = {
  facts: paperFacts,
  decode,
  open: (credentials) => ({
    async collector(name) {
      if (name !== paper_sheet.name) throw new TypeError('That is no name of a collector.');
      return {
        ...paper_sheet,
        async page(token) {
          const path = `/v1/sheets?limit=10${token === undefined ? '' : `&cursor=${encodeURIComponent(token)}`}`;
          const { sheets, next } = pageSchema.parse(await get(credentials, path));
          return { resources: sheets.map(toSheet), details: [], next };
        },
      };
    },
    classify,
    quota: () => undefined,
    close: () => {},
  }),
};
