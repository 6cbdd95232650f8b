import * as z from 'zod';
import { type LinkName, type LinkValue, links } from './links.ts';

const table: { readonly [N in LinkName]: { readonly env: string; readonly shape: z.ZodType<LinkValue<N>> } } = links;

/** A value that the stack should have set is missing or malformed: a fault of the deployment, never of a caller. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * Reads one link from the environment. The only place that does.
 * @throws SettingsError naming the variable, never its value.
 */
export function setting<N extends LinkName>(name: N): LinkValue<N> {
  const { env, shape } = table[name];
  const text = process.env[env];
  if (text === undefined) throw new SettingsError(`The environment variable ${env} is not set.`);
  const parsed = shape.safeParse(shape instanceof z.ZodString ? text : parseJson(env, text));
  if (!parsed.success) throw new SettingsError(`The environment variable ${env} does not have its shape.`);
  return parsed.data;
}

function parseJson(env: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SettingsError(`The environment variable ${env} is not JSON.`);
  }
}

/** What a link's value looks like in the environment: the inverse of `setting`, for whoever makes an environment. */
export function environmentOf<N extends LinkName>(name: N, value: LinkValue<N>): Record<string, string> {
  return { [links[name].env]: typeof value === 'string' ? value : JSON.stringify(value) };
}
