import type { Secret } from '../../runtime/secret.ts';
import { setting } from '../../runtime/settings.ts';
import type { PaperCredentials } from './credentials.ts';

const HOST = 'api.paper.example';

/** An answer other than 200, or none: then `status` is 0. */
export class PaperError extends Error {
  override readonly name = 'PaperError';
  readonly status: number;
  constructor(status: number) {
    super('The cloud refused a call, or did not answer.');
    this.status = status;
  }
}

/** One GET. @throws PaperError */
export async function get(credentials: Secret<PaperCredentials>, path: string): Promise<unknown> {
  const given = setting('clouds').endpoints.find(({ host }) => host === HOST);
  const url = `${given?.url ?? `https://${HOST}`}${path}`;
  const headers = { authorization: `Bearer ${credentials.reveal().apiKey}` };
  const answer = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(5000) }).catch(() => {
    throw new PaperError(0);
  });
  if (answer.status !== 200) throw new PaperError(answer.status);
  return answer.json();
}
