import type { Refusal } from '../refusal.ts';

/** A query job, as the sample cloud runs it: its result is there at once, and handed out when it was waited for. */
export interface Job {
  readonly id: string;
  readonly projectId: string;
  readonly location: string;
  readonly caller: string;
  readonly configuration: unknown;
  readonly created: number;
  readonly result: { readonly rows: readonly (readonly string[])[]; readonly bytesBilled: number } | Refusal;
  /** How often it is still answered that it is not complete. */
  waits: number;
}

/** Jobs by project, location and id: asked for in another place, one is not found. */
export class Jobs {
  readonly #jobs = new Map<string, Job>();

  add(job: Job): void {
    this.#jobs.set(`${job.projectId}:${job.id}`, job);
  }

  find(projectId: string, id: string, location: string | undefined): Job | undefined {
    const job = this.#jobs.get(`${projectId}:${id}`);
    // Without a location it is looked for in the two multi-regions.
    const isThere = location === undefined ? job?.location === 'US' : job?.location === location;
    return isThere ? job : undefined;
  }

  has = (projectId: string, id: string): boolean => this.#jobs.has(`${projectId}:${id}`);
}
