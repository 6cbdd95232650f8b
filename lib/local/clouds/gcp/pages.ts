import { invalid, type Style } from './refusal.ts';

export interface PageLimits {
  readonly size: string | undefined;
  readonly token: string | undefined;
  readonly most: number;
  /** Without a size. */
  readonly otherwise: number;
  /** It answers no more than this, whatever is asked for. */
  readonly cut?: number;
}

/** A list that pages are cut from. */
export interface Pageable<T> {
  readonly length: number;
  slice(from: number, to: number): T[];
}

const placeOf = (token: string): readonly [number, number] | undefined => {
  const match = /^page-(\d+)-(\d+)$/.exec(Buffer.from(token, 'base64url').toString());
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
};
const tokenOf = (number: number, from: number): string => Buffer.from(`page-${number}-${from}`).toString('base64url');

/** 1 for the first page; tokens of ours count them. */
export const pageNumber = (token: string | undefined): number => (token === undefined ? 1 : (placeOf(token)?.[0] ?? 2));

/** One page of a list. @param loops whether it gives the same next token for ever. @throws Refusal */
export function pageOf<T>(
  style: Style,
  items: Pageable<T>,
  { size: asked, token, most, otherwise, cut = most }: PageLimits,
  loops: boolean,
): { items: T[]; next: string | undefined } {
  const wanted = asked === undefined ? otherwise : Number(asked);
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > most) {
    throw invalid(style, `The page size must be at most ${most}.`);
  }
  const size = Math.min(wanted === 0 ? otherwise : wanted, cut);
  const place = token === undefined ? ([1, 0] as const) : placeOf(token);
  if (place === undefined) throw invalid(style, 'Page token is invalid.');
  const [number, from] = place;
  if (loops) return { items: items.slice(0, size), next: tokenOf(2, 0) };
  const to = from + size;
  return { items: items.slice(from, to), next: to < items.length ? tokenOf(number + 1, to) : undefined };
}
