import * as z from 'zod';

/** ECS's lists of tags write their members small. */
export const tags = z.array(z.object({ key: z.string().optional(), value: z.string().optional() })).optional();

export const tagsOf = (list: z.infer<typeof tags>): Record<string, string> =>
  Object.fromEntries((list ?? []).flatMap(({ key, value }) => (key === undefined ? [] : [[key, value ?? '']])));

/** ECS's word for a state as the inventory has it: it goes on answering for what was deleted lately, as inactive. */
export const ecsStatus = (status: string | undefined): string =>
  status === 'INACTIVE' ? 'deleted' : (status ?? 'unknown').toLowerCase();
