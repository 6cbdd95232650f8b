import * as z from 'zod';
import type { CollectorFacts } from '../../../domain/cloud.ts';
import type { Resource } from '../../../domain/resource.ts';

export const facts = {
  name: 'paper_sheet',
  service: 'sheets',
  scope: 'account',
  types: ['paper_sheet'],
  permissions: ['sheets:List'],
} as const satisfies CollectorFacts;

const itemSchema = z.object({ id: z.string(), name: z.string(), locked: z.boolean().optional() });

/** What is written on a sheet is not named here, so it never gets further. */
export function toSheet(item: unknown): Resource {
  const { id, name, locked } = itemSchema.parse(item);
  return {
    type: 'paper_sheet',
    external_id: id,
    name,
    region: 'account',
    status: 'active',
    tags: {},
    configuration: { locked: locked === undefined ? 'unknown' : locked ? 'yes' : 'no' },
  };
}
