import * as z from 'zod';

const text = z.object({ S: z.string() }).transform(({ S }) => S);

/** What a meter reads of an UpdateItem or DeleteItem. */
export const writeInput = z.object({
  Key: z.object({ pk: text, sk: text }),
  UpdateExpression: z.string().optional(),
  ExpressionAttributeValues: z.record(z.string(), z.looseObject({ S: z.string().optional() })).optional(),
});
export type WriteInput = z.infer<typeof writeInput>;

/** What a write is for. The measures count the last three apart. */
export const WRITE_KINDS = [
  'resources',
  'scans',
  'fingerprints',
  'changes',
  'tasks',
  'jobs',
  'plans',
  'provider',
  'other',
  'progress',
  'rate limits',
  'idempotency',
] as const;
export type WriteKind = (typeof WRITE_KINDS)[number];
export const COUNTED_APART: ReadonlySet<WriteKind> = new Set(['progress', 'rate limits', 'idempotency']);

/** Told by the key, as `functions/domain/keys.ts` makes it; a task's progress by what it sets. */
export function kindOfWrite({ Key: { pk, sk }, UpdateExpression = '' }: WriteInput): WriteKind {
  if (pk.includes('#R#')) return 'resources';
  if (pk.includes('#FP#')) return 'fingerprints';
  if (pk.endsWith('#CHANGES')) return 'changes';
  const [begins = ''] = sk.split('#');
  switch (begins) {
    case 'SCAN':
      return 'scans';
    case 'TASK':
      return UpdateExpression.startsWith('SET #progress =') ? 'progress' : 'tasks';
    case 'JOB':
      return 'jobs';
    case 'PLAN':
      return 'plans';
    case 'PROVIDER':
      return 'provider';
    case 'IDEM':
      return 'idempotency';
    case 'RATE':
      return 'rate limits';
    default:
      return 'other';
  }
}
