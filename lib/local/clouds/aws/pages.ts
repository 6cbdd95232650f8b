import type { Pageable, PageLimits } from './services/operation.ts';
import { SampleError } from './services/operation.ts';

const TOKENS = [
  'NextPageToken',
  'NextToken',
  'nextToken',
  'Marker',
  'marker',
  'continuation-token',
  'ExclusiveStartTableName',
  'NextMarker',
  'position',
  'ExclusiveStartStreamName',
] as const;

/** 1 for the first page; tokens of ours count them. */
export function pageNumber(params: URLSearchParams): number {
  const token = TOKENS.map((name) => params.get(name)).find((value) => value !== null);
  if (token === undefined || token === null) return 1;
  return Number(/^page-(\d+)-/.exec(token)?.[1] ?? 2);
}

/** One page of a list. @param loops whether it gives the same next token for ever. @throws SampleError */
export function pageOf<T>(
  items: Pageable<T>,
  limits: PageLimits,
  loops: boolean,
): { items: T[]; next: string | undefined } {
  const size = limits.size === undefined ? limits.otherwise : Number(limits.size);
  const fits = Number.isInteger(size) && size >= limits.least && size <= limits.most;
  if (limits.size !== undefined && !fits) {
    const code = limits.codes?.size ?? 'InvalidParameterValue';
    throw new SampleError(400, code, `The page size must be ${limits.least} to ${limits.most}.`);
  }
  const match = limits.token === undefined ? undefined : /^page-(\d+)-(\d+)$/.exec(limits.token);
  if (match === null) {
    throw new SampleError(400, limits.codes?.token ?? 'InvalidParameterValue', 'The token is not valid.');
  }
  const from = Number(match?.[2] ?? 0);
  const number = Number(match?.[1] ?? 1);
  if (loops) return { items: items.slice(0, size), next: 'page-2-0' };
  const to = from + size;
  return { items: items.slice(from, to), next: to < items.length ? `page-${number + 1}-${to}` : undefined };
}
