import * as z from 'zod';

/** The API answered something else than was asked for. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  constructor(status: number, body: string) {
    super(`The API answered ${status}: ${body.slice(0, 300)}`);
    this.status = status;
  }
}

const provider = z.object({
  id: z.number(),
  name: z.string(),
  type: z.string(),
  status: z.string(),
  complete: z.boolean(),
  coverage: z.record(z.string(), z.number()),
});
const started = z.object({ job_id: z.number() });
const job = z.object({
  status: z.string(),
  cells: z.object({ done: z.number(), total: z.number() }),
  resources: z.object({ found: z.number() }),
  api_calls: z.number(),
});
const cost = z.object({
  date: z.string(),
  service: z.string().optional(),
  currency: z.string(),
  amount: z.string(),
  estimated: z.boolean(),
});
const costs = z.object({
  source: z.object({ name: z.string().nullable(), outcome: z.string().nullable(), error_code: z.string().nullable() }),
  from: z.string(),
  to: z.string(),
  costs: z.array(cost),
});
const resource = z.object({ type: z.string(), region: z.string(), external_id: z.string() });

export type ShownCosts = z.infer<typeof costs>;
export type ShownJob = z.infer<typeof job>;
export type ShownProvider = z.infer<typeof provider>;
export type ShownResource = z.infer<typeof resource>;

/** The API as the local programs call it: over HTTP, like anybody. */
export class ApiClient {
  readonly #url: string;
  readonly #token: string;

  /** @param url with the base path. */
  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  async connect(cloud: string, body: object): Promise<ShownProvider> {
    return provider.parse(JSON.parse((await this.#call('POST', `/${cloud}/connect`, body)).text));
  }

  async providers(): Promise<readonly ShownProvider[]> {
    return z.array(provider).parse(JSON.parse((await this.#call('GET', '/')).text));
  }

  /** Starts a sync, or gives the number of the one that runs. */
  async sync(id: number): Promise<number> {
    return started.parse(JSON.parse((await this.#call('POST', `/${id}/sync`)).text)).job_id;
  }

  async job(id: number, number: number): Promise<ShownJob> {
    return job.parse(JSON.parse((await this.#call('GET', `/${id}/jobs/${number}`)).text));
  }

  async disconnect(id: number): Promise<void> {
    await this.#call('DELETE', `/${id}`);
  }

  /** The whole inventory, page by page. */
  async resources(id: number): Promise<readonly ShownResource[]> {
    const pages = await this.#pages(`/${id}/resources`, '?limit=100');
    return pages.flatMap((page) => z.array(resource).parse(page));
  }

  /** The last 30 days' costs by service, page by page. */
  async costs(id: number): Promise<ShownCosts> {
    const pages = (await this.#pages(`/${id}/costs`, '?group_by=service&limit=100')).map((page) => costs.parse(page));
    const [first] = pages;
    if (first === undefined) throw new TypeError('A list has at least one page.');
    return { ...first, costs: pages.flatMap((page) => page.costs) };
  }

  async #pages(path: string, query: string): Promise<readonly unknown[]> {
    const pages: unknown[] = [];
    let next: string | undefined = query;
    while (next !== undefined) {
      const { text, link } = await this.#call('GET', `${path}${next}`);
      pages.push(JSON.parse(text));
      next = /<[^?>]*(\?[^>]*)>; rel="next"/.exec(link ?? '')?.[1];
    }
    return pages;
  }

  async #call(method: string, path: string, body?: object): Promise<{ text: string; link: string | null }> {
    const answer = await fetch(`${this.#url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new ApiError(answer.status, text);
    return { text, link: answer.headers.get('link') };
  }
}
