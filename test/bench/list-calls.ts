/** How a list is asked for, by its cloud's own reference. */
export interface ListShape {
  /** The most that one page may hold. */
  readonly page: number;
  /** Items of one describe, where the list says too little; a whole page is a multiple of it. */
  readonly describe?: number;
  /** The most parents that one page may hold, where items are listed by parent. */
  readonly parents?: number;
}

/** What a list holds: so many items, or so many of each parent. */
export type Held = number | readonly number[];

/** The fewest calls that read a list whole. */
export interface ListCalls {
  readonly calls: number;
  /** As many of them must come one after another, whoever makes them. */
  readonly chain: number;
}

const pagesOf = (items: number, page: number): number => Math.max(1, Math.ceil(items / page));

export function callsOf({ page, describe, parents }: ListShape, held: Held): ListCalls {
  const within = typeof held === 'number' ? [held] : held;
  const before = typeof held === 'number' ? 0 : pagesOf(held.length, parents ?? 1);
  const pages = within.map((items) => pagesOf(items, page));
  const describes = describe === undefined ? 0 : within.reduce((sum, items) => sum + Math.ceil(items / describe), 0);
  return {
    calls: before + pages.reduce((sum, n) => sum + n, 0) + describes,
    // Parents can be asked side by side, and the last page's describes as well.
    chain: before + Math.max(0, ...pages) + (describes > 0 ? 1 : 0),
  };
}
