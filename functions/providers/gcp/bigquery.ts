import { BigQuery } from '@google-cloud/bigquery';
import * as z from 'zod';
import type { GoogleClient } from './clients.ts';
import { GoogleError } from './google-error.ts';
import { HOSTS } from './hosts.ts';

type Request = Parameters<BigQuery['request']>;

const failedJob = z.object({
  status: z.object({ errorResult: z.object({ reason: z.string(), message: z.string().default('') }) }),
});
const STATUS: Readonly<Record<string, number>> = {
  accessDenied: 403,
  notFound: 404,
  quotaExceeded: 403,
  backendError: 503,
};

/**
 * BigQuery's own client, made to use our way out, always. Left alone it takes proxies and the host of an emulator from
 * the environment, follows redirects, and makes calls again by itself.
 */
export class GuardedBigQuery extends BigQuery {
  readonly #client: GoogleClient;

  constructor(client: GoogleClient, project: string) {
    super({ projectId: project, authClient: client.jwt });
    this.#client = client;
  }

  override request(...[options, callback]: Request): void {
    this.#send(options).then(
      (body) => callback(null, body),
      (error: Error) => callback(error),
    );
  }

  async #send({ method = 'GET', uri, qs, json }: Request[0]): Promise<unknown> {
    const path = uri
      .split('/')
      .filter((part) => part !== '')
      .map(encodeURIComponent);
    const url = new URL(`https://${HOSTS.bigquery}/bigquery/v2/projects/${this.projectId}/${path.join('/')}`);
    for (const [name, value] of Object.entries(z.record(z.string(), z.unknown()).parse(qs ?? {}))) {
      if (value !== undefined && name !== 'autoPaginate') url.searchParams.set(name, String(value));
    }
    const body = await this.#client.json(method === 'POST' ? 'POST' : 'GET', url, json);
    // A job that has failed is answered with 200.
    const failed = failedJob.safeParse(body);
    if (!failed.success) return body;
    const { reason, message } = failed.data.status.errorResult;
    throw new GoogleError(STATUS[reason] ?? 400, { error: { message, errors: [{ reason }] } });
  }
}
