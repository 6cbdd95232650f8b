import { jobOfStamp } from '../../functions/domain/keys.ts';
import type { PageRead } from './fake-cloud.ts';
import type { Process } from './process.ts';

/** What a commit of a scan may have written: for each page, what it answered to the readers that count. */
export interface Commit {
  readonly stamp: string;
  readonly at: number;
  readonly digest: string | undefined;
  readonly pages: ReadonlyMap<number, readonly Uint32Array[]>;
}

/** A change that the history must tell: in a job behind the first and up to the second. */
export interface Expected {
  readonly pk: string;
  readonly collector: string;
  readonly scope: string;
  readonly slot: number;
  readonly kinds: readonly string[];
  readonly jobs: readonly [number, number];
}

/** What the pages of a scan answered to this process; where it read none, to any of the same job. */
export function readingOf(
  process: Process,
  reads: readonly PageRead[],
): { readonly pages: Commit['pages']; readonly whole: boolean } {
  let last = Number.POSITIVE_INFINITY;
  const pages = new Map<number, Uint32Array[]>();
  const own = new Set<number>();
  for (const read of reads) {
    if (read.last) last = read.page;
    const isOwn = read.process === process;
    if (isOwn && !own.has(read.page)) pages.set(read.page, []);
    if (isOwn) own.add(read.page);
    if (isOwn || !own.has(read.page)) pages.set(read.page, [...(pages.get(read.page) ?? []), read.versions]);
  }
  return {
    pages,
    whole: Array.from({ length: Math.min(last, 1e7) + 1 }, (_, n) => n).every((page) => pages.has(page)),
  };
}

/** What differs between two commits the history must tell; where it is not known what a commit held, nothing is asked. */
export function expectedBetween(
  about: Pick<Expected, 'pk' | 'collector' | 'scope'>,
  pageSize: number,
  was: Commit | undefined,
  now: Pick<Commit, 'pages' | 'stamp'>,
): readonly Expected[] {
  const expected: Expected[] = [];
  if (was === undefined) return expected;
  for (const [page, answers] of now.pages) {
    const [after, ...others] = answers;
    const [before, ...more] = was.pages.get(page) ?? [new Uint32Array()];
    if (after === undefined || before === undefined || others.length + more.length > 0) continue;
    for (let n = 0; n < pageSize; n += 1) {
      const [x, y] = [before[n] ?? 0, after[n] ?? 0];
      if (x === y) continue;
      const kinds = x === 0 ? ['created'] : y === 0 ? ['vanished'] : ['changed', 'created'];
      const jobs = [jobOfStamp(was.stamp), jobOfStamp(now.stamp)] as const;
      expected.push({ ...about, slot: page * pageSize + n, kinds, jobs });
    }
  }
  return expected;
}
