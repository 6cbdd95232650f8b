import * as z from 'zod';
import type { AwsCollector } from '../collector.ts';

const isCollector = (value: unknown): value is AwsCollector =>
  typeof value === 'object' && value !== null && 'facts' in value && 'bind' in value;
const moduleSchema = z.object({ collector: z.custom<AwsCollector>(isCollector) });

/**
 * Loads one collector, and with it the SDK of its service: a task evaluates only those that it needs. The bundler
 * makes this pattern a table of every file beside it; `registered.ts` cannot be that table, for whoever imports it
 * for the facts must not carry the SDKs. @throws when there is no such collector.
 */
export async function loadCollector(name: string): Promise<AwsCollector> {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new TypeError('That is no name of a collector.');
  const file = name.replaceAll('_', '-');
  return moduleSchema.parse(await import(`./${file}.ts`)).collector;
}
