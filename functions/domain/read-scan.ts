import { capResource } from './cap-resource.ts';
import type { CloudSession, Collector, Failure } from './cloud.ts';
import { FencedOffError } from './fence.ts';
import { Digest, fingerprint } from './hashing.ts';
import type { Lanes } from './lanes.ts';
import type { Resource } from './resource.ts';

/** A resource as it was read, with what a comparison needs. */
export interface Found {
  readonly resource: Resource;
  readonly content: string;
}

/** A scan read to its end: everything that exists in it, and nothing written yet. */
export interface Complete {
  readonly ok: true;
  /** By type, then by hash of the external id. Every type of the collector is there, also empty. */
  readonly found: ReadonlyMap<string, ReadonlyMap<string, Found>>;
  readonly digest: string;
  readonly calls: number;
}

/** A scan that stopped: it says nothing of what exists. */
export interface Stopped {
  readonly ok: false;
  readonly failure: Failure;
  readonly calls: number;
}

export interface ReadPorts {
  readonly lanes: Lanes;
  /** Throws `FencedOffError`; asked before each page. */
  readonly pass: () => Promise<void>;
  /** True when the invocation must come to its end. */
  readonly outOfTime: () => boolean;
}

const stop = (code: string, retryable: boolean): Failure => ({ outcome: 'failed', code, retryable });

/** Reads a scan page by page: pages one after another, describes per item in lanes beside them. */
export async function readScanPages(
  ports: ReadPorts,
  session: CloudSession,
  collector: Collector,
): Promise<Complete | Stopped> {
  const found = new Map(collector.types.map((type) => [type, new Map<string, Found>()]));
  const tokens = new Set<string>();
  let calls = 0;
  let token: string | undefined;
  try {
    do {
      await ports.pass();
      if (ports.outOfTime()) return { ok: false, failure: stop('OUT_OF_TIME', true), calls };
      const at = token;
      const page = await ports.lanes.run(() => collector.page(at));
      calls += 1;
      const details = await Promise.all(page.details.map((detail) => ports.lanes.run(detail)));
      calls += details.length;
      for (const resource of [...page.resources, ...details.flat()]) keep(found, capResource(resource));
      token = page.next;
      if (token !== undefined && tokens.has(token)) {
        return { ok: false, failure: stop('PAGINATION_LOOP', false), calls };
      }
      if (token !== undefined) tokens.add(token);
    } while (token !== undefined);
  } catch (error) {
    if (error instanceof FencedOffError) throw error;
    return { ok: false, failure: session.classify(error, collector), calls: calls + 1 };
  }
  const digest = new Digest();
  for (const [type, resources] of found) {
    for (const [hash, { content }] of resources) digest.add({ hash, content }, type);
  }
  return { ok: true, found, digest: digest.toString(), calls };
}

/** A page that repeats a resource does not double it: the later answer stands. */
function keep(found: Map<string, Map<string, Found>>, resource: Resource): void {
  const { hash, content } = fingerprint(resource);
  const ofType = found.get(resource.type) ?? new Map<string, Found>();
  ofType.set(hash, { resource, content });
  found.set(resource.type, ofType);
}
