import type { CloudSession, Collector, Failure, Unanswered } from '../../../../functions/domain/cloud.ts';
import type { Resource } from '../../../../functions/domain/resource.ts';
import { type GcpCredentials, parseCredentials } from '../../../../functions/providers/gcp/credentials.ts';
import { open } from '../../../../functions/providers/gcp/session.ts';
import { CLOUD_DEFAULTS, type LinkValue } from '../../../../functions/runtime/links.ts';
import type { Secret } from '../../../../functions/runtime/secret.ts';
import { environmentOf } from '../../../../functions/runtime/settings.ts';
import {
  type Knobs,
  MAIN_PROJECT,
  type SampleGcp,
  startSampleGcp,
} from '../../../../lib/local/clouds/gcp/sample-gcp.ts';

/** A sample GCP, and the settings of this process that send calls there. */
export async function startGcp(knobs: Partial<Knobs> = {}): Promise<SampleGcp> {
  const sample = await startSampleGcp({ knobs });
  sendTo(sample.settings.endpoints ?? []);
  return sample;
}

/** Sends hosts elsewhere, and nothing else. */
export const sendTo = (endpoints: LinkValue<'clouds'>['endpoints']): void => {
  Object.assign(process.env, environmentOf('clouds', { ...CLOUD_DEFAULTS, endpoints }));
};

export const mainCredentials = (sample: SampleGcp, change: object = {}): Secret<GcpCredentials> =>
  parseCredentials({ ...sample.bodies.main, ...change });

/** Opens the main project for as long as `run` takes. */
export async function within<T>(
  sample: SampleGcp,
  run: (collector: Collector, opened: CloudSession) => Promise<T>,
): Promise<T> {
  const opened = open(mainCredentials(sample), MAIN_PROJECT.projectId);
  try {
    return await run(await opened.collector('cloud_asset_inventory', 'project'), opened);
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
  } while (token !== undefined && tokens.length < 50);
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

/** What the error of a call means to whoever classifies it. */
export const failureOf = (
  call: Promise<unknown>,
  classify: (error: unknown) => Failure,
): Promise<Failure | undefined> => call.then(() => undefined, classify);
