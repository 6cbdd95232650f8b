import { NodeHttpHandler } from '@smithy/node-http-handler';
import * as z from 'zod';
import type { CloudSession, Collector, Quota } from '../../functions/domain/cloud.ts';
import type { ClientConfig } from '../../functions/providers/aws/clients.ts';
import { loadCollector } from '../../functions/providers/aws/collectors/load.ts';
import { classify } from '../../functions/providers/aws/outcomes.ts';
import { MAIN_ACCOUNT } from '../../lib/local/clouds/aws/accounts.ts';
import { Listing } from '../../lib/local/clouds/aws/inventory/listing.ts';
import { defaultKnobs, type Knobs } from '../../lib/local/clouds/aws/knobs.ts';
import { pageOf } from '../../lib/local/clouds/aws/pages.ts';
import type { Operation, Service } from '../../lib/local/clouds/aws/services/operation.ts';

/** A REST service's parameter and the SDK's input differ in case and dashes only (`max-buckets`, `MaxBuckets`). */
const plain = (name: string): string => name.replaceAll('-', '').toLowerCase();
/** Clients whose operations may bear equal names are told apart as their requests are: by what they sign, and version. */
const clientSchema = z.object({ config: z.object({ defaultSigningName: z.string(), apiVersion: z.string() }) });
/** A command's schema begins with its kind, its namespace and its name. */
const commandSchema = z.object({
  input: z.record(z.string(), z.unknown()),
  schema: z.tuple([z.unknown(), z.string(), z.string()], z.unknown()),
});
/** A list as an input has it; absent: empty. */
const listSchema = z.array(z.unknown()).default([]);
const memberOf = (value: unknown, name: string): unknown =>
  z.record(z.string(), z.unknown()).optional().parse(value)?.[name];
/** The value of a parameter; `Owner.1`, of a query's form, is the first of a list whose name begins so (`OwnerIds`). */
function parameterOf(input: Readonly<Record<string, unknown>>, name: string): unknown {
  const [, list, place] = /^(.+)\.(\d+)$/.exec(name) ?? [];
  const entries = Object.entries(input);
  if (list === undefined) return entries.find(([key]) => plain(key) === plain(name))?.[1];
  const found = entries.find(([key, value]) => Array.isArray(value) && plain(key).startsWith(plain(list)))?.[1];
  return listSchema.parse(found)[Number(place) - 1];
}
const GLOBAL = 'us-east-1';

const { accessKeyId, secretAccessKey } = MAIN_ACCOUNT;
const configIn = (region: string): ClientConfig => ({
  region,
  credentials: { accessKeyId, secretAccessKey },
  maxAttempts: 1,
  requestHandler: new NodeHttpHandler(),
});

/**
 * The sample AWS without the wire: the production collectors, and answers as the SDK would hand them over. For measures
 * of our own code, which the SDK's parsing and a server in the same process would drown.
 */
export class DirectAws implements CloudSession {
  readonly classify = classify;
  readonly #services: readonly Service[];
  readonly #knobs: Knobs;
  readonly #kept: Map<string, unknown> | undefined;
  calls = 0;

  /**
   * @param services of the sample AWS, as far as they are called.
   * @param keep whether answers are made once and kept, so that a second reading costs the sample nothing.
   */
  constructor(services: readonly Service[], knobs: Partial<Knobs>, keep: boolean) {
    this.#services = services;
    this.#knobs = { ...defaultKnobs, ...knobs };
    this.#kept = keep ? new Map() : undefined;
  }

  async collector(name: string, scope: string): Promise<Collector> {
    const region = scope === 'global' ? GLOBAL : scope;
    const collector = await loadCollector(name);
    const clients = new Map<unknown, unknown>();
    const client = <C>(make: new (config: ClientConfig) => C): C => {
      const made = clients.get(make);
      if (made instanceof make) return made;
      const fresh = new make(configIn(region));
      if (!(fresh instanceof Object)) throw new TypeError('A client is an object.');
      // What it would send is answered here.
      const operations = this.#operationsOf(fresh);
      Object.defineProperty(fresh, 'send', { value: (command: unknown) => this.#answer(command, region, operations) });
      clients.set(make, fresh);
      return fresh;
    };
    return collector.bind({ client, scope }, { account: MAIN_ACCOUNT.accountId, region, partition: 'aws' });
  }

  quota(_service: string): Quota | undefined {
    return undefined;
  }

  close(): void {}

  #operationsOf(client: unknown): readonly Operation[] {
    const { defaultSigningName, apiVersion } = clientSchema.parse(client).config;
    const named = this.#services.filter(({ name }) => name === defaultSigningName);
    return (named.find(({ version }) => version === apiVersion) ?? named[0])?.operations ?? [];
  }

  async #answer(command: unknown, region: string, operations: readonly Operation[]): Promise<unknown> {
    this.calls += 1;
    const {
      input,
      schema: [, namespace, name],
    } = commandSchema.parse(command);
    const operation = operations.find((one) => one.name === name);
    if (operation === undefined) throw new Error(`The sample AWS does not know ${name}.`);
    const key = `${region} ${namespace} ${name} ${JSON.stringify(input)}`;
    const kept = this.#kept?.get(key);
    if (kept !== undefined) return kept;
    const { value, root } = this.#run(operation, input, region);
    // The member that is the body of a REST-XML answer is a member of the SDK's output.
    const output = root === 'DistributionList' ? { DistributionList: value } : value;
    this.#kept?.set(key, output);
    return output;
  }

  #run(operation: Operation, input: Readonly<Record<string, unknown>>, region: string) {
    return operation.run({
      account: MAIN_ACCOUNT,
      region,
      regions: this.#knobs.regions,
      param: (name) => {
        const value = parameterOf(input, name);
        return value === undefined ? undefined : String(value);
      },
      list: (name) => listSchema.parse(name.split('.').reduce<unknown>(memberOf, input)).map(String),
      items: (kind) => new Listing(MAIN_ACCOUNT, kind, region, this.#knobs),
      page: (items, limits) => pageOf(items, limits, false),
    });
  }
}
