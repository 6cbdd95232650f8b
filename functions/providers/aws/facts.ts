import * as z from 'zod';
import type { CloudFacts } from '../contract.ts';
import * as registered from './collectors/registered.ts';

/** AWS as it is known without its SDK. The access-key pair is one form of credentials; roles will be another. */
export const awsFacts = {
  name: 'aws',
  body: z.strictObject({ accessKeyId: z.string(), secretAccessKey: z.string(), region: z.string() }),
  secretFields: ['secretAccessKey'],
  collectors: Object.values(registered),
} as const satisfies CloudFacts;
