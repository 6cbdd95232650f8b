import type { Random } from '../../aws/random.ts';

/** What a row is made with. Ids of others lead to the same resource group, whether or not they are there. */
export interface Making {
  readonly random: Random;
  readonly subscription: string;
  readonly group: string;
  /** Place in its resource group, among its kind. */
  readonly n: number;
  /** An id in the same resource group. */
  id(type: string, name: string): string;
}

/** The columns of a row that a kind decides; the others follow from where it is. */
export interface Made {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly kind?: string;
  readonly sku?: Readonly<Record<string, unknown>>;
  readonly location?: string;
  readonly zones?: readonly string[];
  readonly managedBy?: string;
  readonly identity?: Readonly<Record<string, unknown>>;
}

/** One of Azure's types as the sample has it. */
export interface Kind {
  /** With Azure's capitals, as ids have them. */
  readonly type: string;
  readonly prefix: string;
  /** How many a resource group has. */
  readonly perGroup: number;
  /** It is a child: the prefix of the parent, whose number it shares. */
  readonly parent?: string;
  make(making: Making): Made;
}

export const done = { provisioningState: 'Succeeded' } as const;
export const encryption = { type: 'EncryptionAtRestWithPlatformKey' } as const;
export const NIC = 'Microsoft.Network/networkInterfaces';
