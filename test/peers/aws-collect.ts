import type { CloudSession, Failure } from '../../functions/domain/cloud.ts';
import type { CostRow, Days } from '../../functions/domain/cost-source.ts';
import type { Resource } from '../../functions/domain/resource.ts';
import * as registered from '../../functions/providers/aws/collectors/registered.ts';
import { open as openCosts } from '../../functions/providers/aws/costs.ts';
import { open } from '../../functions/providers/aws/session.ts';
import { CLOUD_DEFAULTS } from '../../functions/runtime/links.ts';
import { Secret } from '../../functions/runtime/secret.ts';
import { environmentOf } from '../../functions/runtime/settings.ts';

/** Every collector of AWS. */
export const collectors = Object.values(registered);

/** Every type of AWS that some collector answers. */
export const types: readonly string[] = collectors.flatMap((one) => one.types);

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What one collector found in one scope, or why it did not. */
export interface Cell {
  readonly collector: string;
  readonly scope: string;
  readonly resources: readonly Resource[];
  readonly failure?: Failure | undefined;
}

/** Where each collector is run: the global ones once, the others in every region that is told. */
const scopesOf = (scope: string, regions: readonly string[]): readonly string[] =>
  scope === 'region' ? regions : scope === 'everywhere' ? [...regions, 'global'] : [scope];

/**
 * Runs collectors one after another against an endpoint, with the real SDKs and no engine between, so that an outcome
 * is one call's answer. An error that `classify` does not know is a failure like any other.
 */
export async function collectAll(options: {
  readonly url: string;
  readonly keys: Keys;
  readonly account: string;
  readonly regions: readonly string[];
  readonly only?: (collector: string) => boolean;
}): Promise<readonly Cell[]> {
  const { url, keys, account, regions, only = () => true } = options;
  Object.assign(process.env, environmentOf('clouds', { ...CLOUD_DEFAULTS, awsEndpoints: [{ url }] }));
  const session = open(new Secret({ v: 1, form: 'key', ...keys, region: regions[0] ?? 'us-east-1' }), account);
  const cells: Cell[] = [];
  try {
    for (const { name, scope } of collectors.filter((one) => only(one.name))) {
      for (const at of scopesOf(scope, regions)) cells.push(await collect(session, name, at));
    }
  } finally {
    session.close();
  }
  return cells;
}

/** Reads the costs of some days, page by page. Errors are the SDK's own. */
export async function readCosts(url: string, keys: Keys, account: string, days: Days): Promise<readonly CostRow[]> {
  Object.assign(process.env, environmentOf('clouds', { ...CLOUD_DEFAULTS, awsEndpoints: [{ url }] }));
  const source = openCosts(new Secret({ v: 1, form: 'key', ...keys, region: 'us-east-1' }), account);
  const rows: CostRow[] = [];
  let token: string | undefined;
  do {
    const page = await source.page(days, token, { calls: 1, bytes: 0 });
    rows.push(...page.rows);
    token = page.next;
  } while (token !== undefined);
  source.close();
  return rows;
}

async function collect(session: CloudSession, name: string, scope: string): Promise<Cell> {
  const collector = await session.collector(name, scope);
  const resources: Resource[] = [];
  try {
    let token: string | undefined;
    do {
      const page = await collector.page(token);
      resources.push(...page.resources);
      for (const detail of page.details) resources.push(...(await detail()));
      token = page.next;
    } while (token !== undefined);
    return { collector: name, scope, resources };
  } catch (error) {
    return { collector: name, scope, resources, failure: session.classify(error, collector) };
  }
}
