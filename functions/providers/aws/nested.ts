import * as z from 'zod';
import type { AwsAccess } from './collector.ts';

interface Page<T> {
  readonly items: readonly T[] | undefined;
  readonly next?: string | undefined;
}

/** What is left of such a list: parents that are still to be asked, the first one's own next token, and the parents'. */
const placeSchema = z.strictObject({
  parents: z.array(z.string()),
  within: z.string().optional(),
  next: z.string().optional(),
});
type Place = z.infer<typeof placeSchema>;

/**
 * The pages of a list that is asked for by parent, as services by cluster. Each is one call: of parents, or of what the
 * first that is left holds. The token names all parents that are left, so keep their ids short: it travels in messages.
 */
export const pagesWithin =
  (lists: {
    parents(aws: AwsAccess, token: string | undefined): Promise<Page<string>>;
    within(aws: AwsAccess, parent: string, token: string | undefined): Promise<Page<unknown>>;
  }) =>
  async (aws: AwsAccess, token: string | undefined): Promise<Page<unknown>> => {
    const { parents, within, next }: Place =
      token === undefined ? { parents: [] } : placeSchema.parse(JSON.parse(token));
    const [first, ...others] = parents;
    if (first === undefined) {
      const page = await lists.parents(aws, next);
      return { items: [], next: tokenOf({ parents: [...(page.items ?? [])], next: page.next || undefined }) };
    }
    const page = await lists.within(aws, first, within);
    const more = page.next || undefined;
    return {
      items: page.items,
      next: tokenOf(more === undefined ? { parents: others, next } : { parents, within: more, next }),
    };
  };

const tokenOf = (place: Place): string | undefined =>
  place.parents.length === 0 && place.next === undefined ? undefined : JSON.stringify(place);
