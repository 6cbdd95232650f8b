import type { z } from 'zod';
import type { Deployment, RequestOptions, Response } from './deployment.ts';

/** Every page of a list by following its `next` links, parsed; the path is below the base path. */
export async function pagesOf<T>(
  deployment: Pick<Deployment, 'call'>,
  path: string,
  schema: z.ZodType<T>,
  options: RequestOptions = {},
): Promise<{ readonly pages: readonly T[]; readonly answers: readonly Response[] }> {
  const pages: T[] = [];
  const answers: Response[] = [];
  const [list = ''] = path.split('?');
  let next: string | undefined = path;
  while (next !== undefined) {
    const answer: Response = await deployment.call('GET', next, options);
    if (answer.status !== 200) throw new Error(`${next} answered ${answer.status}: ${answer.text}`);
    answers.push(answer);
    pages.push(schema.parse(answer.json));
    const query = nextQuery(answer);
    next = query === undefined ? undefined : `${list}${query}`;
  }
  return { pages, answers };
}

/** The query of the next page, with its `?`; undefined on the last one. */
export const nextQuery = (answer: Response): string | undefined =>
  /<[^?>]*(\?[^>]*)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
