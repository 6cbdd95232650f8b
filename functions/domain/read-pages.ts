import { capResource } from './cap-resource.ts';
import type { Collector, Failure, ResourcePage } from './cloud.ts';
import { CallFailedError, type CloudCalls } from './cloud-calls.ts';
import { OutOfTimeError } from './errors.ts';
import type { Resource } from './resource.ts';

export interface PageContext {
  readonly calls: CloudCalls;
  readonly scope: string;
  /** Throws `FencedOffError`; asked before each page. */
  readonly pass: () => Promise<void>;
  /** True when the invocation must come to its end. */
  readonly outOfTime: () => boolean;
}

/** Why the reading of pages stopped: at the end, at a fault, or for want of time; `token` is of the page to go on with. */
export type PagesEnd =
  | { readonly end: 'complete' }
  | { readonly end: 'failed'; readonly failure: Failure; readonly token: string | undefined }
  | { readonly end: 'out of time'; readonly token: string | undefined };

const LOOP: Failure = { outcome: 'failed', code: 'PAGINATION_LOOP', retryable: false };

interface Page extends Pick<ResourcePage, 'next' | 'unanswered'> {
  readonly resources: readonly Resource[];
}

/**
 * Reads a scan from a page on, one page after another, and hands each to `take`; while that is at work the next page is
 * already on its way. A page is complete: the describes that it takes are made, in lanes beside other calls.
 * @throws what `take` and `pass` throw, when nothing of this scan is in flight any more.
 */
export async function readPages(
  context: PageContext,
  collector: Collector,
  from: string | undefined,
  take: (page: Page) => Promise<void>,
): Promise<PagesEnd> {
  const tokens = new Set<string>(from === undefined ? [] : [from]);
  let token = from;
  if (context.outOfTime()) return { end: 'out of time', token };
  let coming = settled(readPage(context, collector, token));
  for (;;) {
    const read = await coming;
    if (!read.ok) {
      if (read.error instanceof OutOfTimeError) return { end: 'out of time', token };
      if (!(read.error instanceof CallFailedError)) throw read.error;
      return { end: 'failed', failure: read.error.failure, token };
    }
    const { next } = read.page;
    const goOn = next !== undefined && !tokens.has(next) && !context.outOfTime();
    if (goOn) coming = settled(readPage(context, collector, next));
    try {
      await take(read.page);
    } catch (error) {
      if (goOn) await coming;
      // It took a part of the page: who goes on reads it again.
      if (error instanceof OutOfTimeError) return { end: 'out of time', token };
      throw error;
    }
    if (next === undefined) return { end: 'complete' };
    if (tokens.has(next)) return { end: 'failed', failure: LOOP, token };
    token = next;
    if (!goOn) return { end: 'out of time', token };
    tokens.add(next);
  }
}

type Settled = { readonly ok: true; readonly page: Page } | { readonly ok: false; readonly error: unknown };

/** A promise that never rejects: it may be a while before somebody awaits it. */
const settled = (page: Promise<Page>): Promise<Settled> =>
  page.then(
    (read) => ({ ok: true, page: read }),
    (error: unknown) => ({ ok: false, error }),
  );

async function readPage(
  { calls, scope, pass }: PageContext,
  collector: Collector,
  token: string | undefined,
): Promise<Page> {
  await pass();
  const page = await calls.call(collector, scope, 0, () => collector.page(token));
  const details = await Promise.allSettled(page.details.map((detail) => calls.call(collector, scope, 1, detail)));
  const described = details.map((one) => {
    // The first fault in the order of the items, after all have ended.
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
  const resources = [...page.resources, ...described.flat()].map(capResource);
  return { resources, next: page.next, unanswered: page.unanswered };
}
