import * as z from 'zod';
import type { AzureCollector } from '../collector.ts';

const isCollector = (value: unknown): value is AzureCollector =>
  typeof value === 'object' && value !== null && 'facts' in value && 'bind' in value;
const moduleSchema = z.object({ collector: z.custom<AzureCollector>(isCollector) });

/**
 * Loads one collector. The bundler makes this pattern a table of every file beside it; `registered.ts` cannot be that
 * table, for whoever imports it for the facts must not carry the mappings. @throws when there is no such collector.
 */
export async function loadCollector(name: string): Promise<AzureCollector> {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new TypeError('That is no name of a collector.');
  const file = name.replaceAll('_', '-');
  return moduleSchema.parse(await import(`./${file}.ts`)).collector;
}
