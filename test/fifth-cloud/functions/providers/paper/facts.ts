import * as z from 'zod';
import type { CloudFacts } from '../contract.ts';
import * as registered from './collectors/registered.ts';

const collectors = Object.values(registered);

/** A cloud that stores sheets of paper, as small as one can be. */
export const paperFacts = {
  name: 'paper',
  body: z.strictObject({ apiKey: z.string() }),
  secretFields: ['apiKey'],
  collectors,
  permissions: () => {
    const permissions = [...new Set<string>(collectors.flatMap((one) => one.permissions))].sort();
    return { format: 'paper-scopes', permissions, document: { scopes: permissions }, howTo: ['paper keys create'] };
  },
} as const satisfies CloudFacts;
