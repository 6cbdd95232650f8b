import { absent, anyOf, equal } from './conditions.ts';
import { keys } from './keys.ts';
import type { Table } from './ports.ts';

/**
 * Notes by which issuer and claim this table knows its tenants: their keys are hashes of both, so another issuer or
 * claim would make every tenant a stranger to its own providers.
 * @param identity a digest of both. @returns false when the table knows another one.
 */
export async function keepTokenIdentity(table: Table, identity: string): Promise<boolean> {
  const written = await table.update(keys.tokenIdentity, {
    set: { v: 1, identity },
    condition: anyOf(absent('identity'), equal('identity', identity)),
  });
  return written.applied;
}
