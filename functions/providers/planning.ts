import type { Scopes } from '../domain/cloud.ts';
import type { Secret } from '../runtime/secret.ts';
import { setting } from '../runtime/settings.ts';
import { awsScopesOf } from './aws/scopes.ts';
import { collectorsOf } from './registered.ts';

/** How a cloud lists the scopes of an account, for those that have to be asked. Only plan-sync imports this. */
const scopes: Readonly<
  Record<string, (secret: () => Promise<Secret<string> | undefined>, defaults: readonly string[]) => Promise<Scopes>>
> = {
  aws: awsScopesOf,
};

/** The scopes to scan now. Never throws for what a cloud says: a refusal comes as a failure with defaults. */
export async function scopesOf(cloud: string, secret: () => Promise<Secret<string> | undefined>): Promise<Scopes> {
  return (await scopes[cloud]?.(secret, setting('clouds').regions)) ?? scopesWithoutAsking(cloud);
}

/** A kind of scope of which an account has one is that scope: `project`, `subscription`, `cluster`. */
function scopesWithoutAsking(cloud: string): Scopes {
  const kinds = new Set(collectorsOf(cloud).map(({ scope }) => scope));
  return { byKind: Object.fromEntries([...kinds].map((kind) => [kind, [kind]])), fixed: true };
}
