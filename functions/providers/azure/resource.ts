import * as z from 'zod';
import type { Resource } from '../../domain/resource.ts';
import { UnexpectedAnswerError } from './outcomes.ts';
import { nameOf } from './types/names.ts';
import { object, type Row, rowSchema, text } from './types/shapes.ts';
import { typeOf } from './types/table.ts';

const stateSchema = z.object({ properties: object({ provisioningState: text }) });

/**
 * A row as the inventory keeps it. A type without a mapping keeps identity, location, state and tags only: nobody has
 * looked at what else may be in it. @throws UnexpectedAnswerError
 */
export function resourceOf(item: unknown): Resource {
  const parsed = rowSchema.safeParse(item);
  if (!parsed.success) throw new UnexpectedAnswerError('A row does not have its shape.');
  const row = parsed.data;
  const mapped = typeOf(row.type)?.map(row);
  return {
    external_id: row.id,
    name: row.name,
    type: nameOf(row.type),
    region: row.location?.toLowerCase() || 'global',
    status: mapped?.status ?? provisioned(row),
    tags: tagsOf(row),
    ...(mapped?.createdAt === undefined ? {} : { created_at: mapped.createdAt }),
    configuration: mapped?.configuration ?? {},
  };
}

/** `Succeeded` is of the last change, which is then in force. Most types that have no state are simply there. */
function provisioned(row: Row): string {
  const word = stateSchema.safeParse(row).data?.properties?.provisioningState?.toLowerCase();
  return word === undefined || word === 'succeeded' ? 'active' : word;
}

const tagsOf = ({ tags }: Row): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])));
