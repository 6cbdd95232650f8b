import * as z from 'zod';
import type { Resource } from '../../../domain/resource.ts';
import type { GoogleClient } from '../clients.ts';
import type { Refused } from '../page-token.ts';

/** One page of a list: names and locations as Cloud Asset Inventory would write them, so that both name one thing alike. */
export interface Listed {
  readonly resources: readonly Resource[];
  readonly next: string | undefined;
  /** The list is not whole, as it says itself. */
  readonly refused?: Refused;
}
export type List = (client: GoogleClient, project: string, page: string | undefined) => Promise<Listed>;

export const named = z.looseObject({ name: z.string().min(1) });
export const toNext = (token: string | undefined): string | undefined => (token === '' ? undefined : token);
