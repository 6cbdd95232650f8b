import type { Scopes } from '../domain/cloud.ts';
import type { Secret } from '../runtime/secret.ts';
import { setting } from '../runtime/settings.ts';
import { awsScopesOf } from './aws/scopes.ts';

/** How a cloud lists the scopes of an account: one line per cloud. Only plan-sync imports this. */
const scopes: Readonly<
  Record<string, (secret: () => Promise<Secret<string> | undefined>, defaults: readonly string[]) => Promise<Scopes>>
> = {
  aws: awsScopesOf,
};

/** The scopes to scan now. Never throws for what a cloud says: a refusal comes as a failure with defaults. */
export async function scopesOf(cloud: string, secret: () => Promise<Secret<string> | undefined>): Promise<Scopes> {
  return (await scopes[cloud]?.(secret, setting('clouds').regions)) ?? { byKind: {} };
}
