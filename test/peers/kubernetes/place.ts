import * as z from 'zod';
import type { ApiServer } from './api-server.ts';
import { PLACED } from './objects.ts';

/** An object as the server answers it. */
export const madeSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string(), uid: z.string() }),
  status: z.looseObject({}).optional(),
});

/** Puts every example into the cluster. */
export async function place(api: ApiServer): Promise<void> {
  for (const { path, object, status } of PLACED) {
    const made = madeSchema.parse(await api.admin('POST', path, object));
    if (status === undefined) continue;
    const written = { ...made, status: { ...made.status, ...status } };
    await api.admin('PUT', `${path}/${made.metadata.name}/status`, written);
  }
}
