/** What stands in the source exactly once, and what stands there instead. */
export interface Edit {
  readonly find: string;
  readonly replace: string;
}

/** A rule of the protocol taken out of the source: the suite must then fail. */
export interface Mutant {
  readonly name: string;
  /** Below the repository's root. */
  readonly file: string;
  readonly edits: readonly Edit[];
  /** The scenario that is expected to see it; others are tried after it. */
  readonly first: string;
}

/** Where the domain's modules are. */
export const domain = (file: string): string => `functions/domain/${file}.ts`;
