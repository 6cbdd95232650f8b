import type { CloudSession, Collector, Unanswered } from '../../../../functions/domain/cloud.ts';
import type { Resource } from '../../../../functions/domain/resource.ts';
import { parseCredentials } from '../../../../functions/providers/azure/credentials.ts';
import { open } from '../../../../functions/providers/azure/session.ts';
import { CLOUD_DEFAULTS } from '../../../../functions/runtime/links.ts';
import { environmentOf } from '../../../../functions/runtime/settings.ts';
import { type SampleAzure, startSampleAzure } from '../../../../lib/local/clouds/azure/sample-azure.ts';

/** A sample Azure, and the settings of this process that send calls there. */
export async function startAzure(): Promise<SampleAzure> {
  const sample = await startSampleAzure();
  Object.assign(process.env, environmentOf('clouds', { ...CLOUD_DEFAULTS, ...sample.settings }));
  return sample;
}

/** Opens the main subscription for as long as `run` takes. */
export async function within<T>(
  sample: SampleAzure,
  run: (opened: CloudSession, collector: Collector) => Promise<T>,
): Promise<T> {
  const opened = open(parseCredentials(sample.bodies.main), sample.bodies.main.subscriptionId ?? '');
  try {
    return await run(opened, await opened.collector('resource_graph', 'subscription'));
  } finally {
    opened.close();
  }
}

export interface Read {
  readonly resources: readonly Resource[];
  readonly unanswered: Unanswered | undefined;
  readonly tokens: readonly string[];
}

/** Every page from a token on, with what the last page that said so could not answer. */
export async function readAll(collector: Collector, from?: string): Promise<Read> {
  const resources: Resource[] = [];
  const tokens: string[] = [];
  let unanswered: Unanswered | undefined;
  let token = from;
  do {
    const page = await collector.page(token);
    resources.push(...page.resources);
    unanswered = page.unanswered ?? unanswered;
    token = page.next;
    if (token !== undefined) tokens.push(token);
  } while (token !== undefined && tokens.length < 100);
  return { resources, unanswered, tokens };
}

/** Ids by type, sorted. */
export function byType(resources: readonly Resource[]): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { type, external_id } of resources) found[type] = [...(found[type] ?? []), external_id].sort();
  return found;
}

export const sorted = (held: Readonly<Record<string, readonly string[]>>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(held).map(([type, ids]) => [type, [...ids].sort()]));

/** What the call's error means to the session. */
export const failureOf = (opened: CloudSession, collector: Collector, call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => opened.classify(error, collector),
  );
