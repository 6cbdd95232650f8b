import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { CostRow } from '../../functions/domain/cost-source.ts';
import { costs } from '../../functions/providers/gcp/costs.ts';
import { parseCredentials } from '../../functions/providers/gcp/credentials.ts';
import { connecting } from '../../functions/providers/gcp/prove.ts';
import { open } from '../../functions/providers/gcp/session.ts';
import { CLOUD_DEFAULTS, type LinkValue } from '../../functions/runtime/links.ts';
import { environmentOf } from '../../functions/runtime/settings.ts';
import { defaultKnobs } from '../../lib/local/clouds/gcp/knobs.ts';
import { MAIN_PROJECT, type SampleGcp, startSampleGcp } from '../../lib/local/clouds/gcp/sample-gcp.ts';
import { bodyOf, type Endpoint, serve } from '../../lib/local/loopback.ts';
import { Discovery } from './discovery.ts';
import { freePort, PEERS, type Peer, startPeer } from './peers.ts';

const run = promisify(execFile);
const sendTo = (endpoints: LinkValue<'clouds'>['endpoints']): void => {
  Object.assign(process.env, environmentOf('clouds', { ...CLOUD_DEFAULTS, endpoints }));
};
let sample: SampleGcp;
beforeAll(async () => {
  sample = await startSampleGcp();
});
afterAll(() => sample?.close());

/** One call that our code has made, and what it was answered. */
interface Exchange {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: readonly string[];
  readonly body: unknown;
  readonly status: number;
  readonly answer: unknown;
}

describe("our sample GCP and our calls, held to Google's discovery documents", () => {
  const exchanges: Exchange[] = [];
  let recorder: Endpoint;

  /** Everything that is called on the way through a connect, two syncs and the costs, written down. */
  beforeAll(async () => {
    recorder = await serve(async (request, response) => {
      const body = String(await bodyOf(request));
      const url = new URL(String(request.url), 'http://recorder');
      const [, host = '', ...rest] = url.pathname.split('/');
      const answer = await fetch(`${sample.url}${request.url}`, {
        method: request.method ?? 'GET',
        headers: {
          authorization: request.headers.authorization ?? '',
          'content-type': request.headers['content-type'] ?? 'text/plain',
        },
        ...(body === '' ? {} : { body }),
      });
      const text = await answer.text();
      exchanges.push({
        method: request.method ?? 'GET',
        host,
        path: decodeURIComponent(`/${rest.join('/')}`),
        query: [...url.searchParams.keys()],
        body: host.startsWith('oauth2') || body === '' ? undefined : JSON.parse(body),
        status: answer.status,
        answer: JSON.parse(text),
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
    });
    const endpoints = (sample.settings.endpoints ?? []).map(({ host }) => ({ host, url: `${recorder.url}/${host}` }));
    sendTo(endpoints);
    const credentials = parseCredentials(sample.bodies.main);
    await connecting.prove(credentials);
    for (const disabledServices of [[], ['cloudasset']]) {
      sample.turn({ size: 3, disabledServices });
      const opened = open(credentials, MAIN_PROJECT.projectId);
      const collector = await opened.collector('cloud_asset_inventory', 'project');
      let token: string | undefined;
      do token = (await collector.page(token)).next;
      while (token !== undefined);
      opened.close();
    }
    sample.turn({ billing: { ...defaultKnobs.billing, pageRows: 100, waits: 1 } });
    const source = costs(credentials, MAIN_PROJECT.projectId);
    const days = { from: '2026-10-20', to: '2026-11-10' };
    let token: string | undefined;
    do token = (await source.page(days, token, { calls: 0, bytes: 1e9 })).next;
    while (token !== undefined);
    source.close();
    sample.turn(defaultKnobs);
  });
  afterAll(() => recorder?.close());

  const VERSIONS: Readonly<Record<string, string>> = {
    'cloudasset.googleapis.com': 'cloudasset.v1',
    'cloudresourcemanager.googleapis.com': 'cloudresourcemanager.v3',
    'compute.googleapis.com': 'compute.v1',
    'storage.googleapis.com': 'storage.v1',
    'bigquery.googleapis.com': 'bigquery.v2',
    'container.googleapis.com': 'container.v1',
  };

  test('every call is one that the API has, with parameters, body and answer as described', () => {
    const found = new Set<string>();
    const wrong: string[] = [];
    const documents = new Map(Object.entries(VERSIONS).map(([host, name]) => [host, new Discovery(name)]));
    for (const { method, host, path, query, body, status, answer } of exchanges) {
      if (host === 'oauth2.googleapis.com') continue;
      const document = documents.get(host);
      const described = document?.find(method, path);
      if (document === undefined || described === undefined) {
        wrong.push(`${method} ${host}${path} is no method`);
        continue;
      }
      found.add(described.id);
      wrong.push(
        ...query.filter((name) => !document.takes(described, name)).map((name) => `${described.id} takes no ${name}`),
      );
      if (described.request !== undefined) wrong.push(...document.errors(described.request.$ref, body));
      if (status < 300 && described.response !== undefined)
        wrong.push(...document.errors(described.response.$ref, answer));
    }
    expect([...new Set(wrong)]).toEqual([]);
    console.log(`discovery: ${exchanges.length} calls of ${found.size} methods fit`);
    expect([...found].sort()).toEqual([
      'bigquery.datasets.get',
      'bigquery.datasets.list',
      'bigquery.jobs.get',
      'bigquery.jobs.getQueryResults',
      'bigquery.jobs.insert',
      'cloudasset.assets.list',
      'cloudresourcemanager.projects.get',
      'cloudresourcemanager.projects.testIamPermissions',
      'compute.instances.aggregatedList',
      'container.projects.locations.clusters.list',
      'storage.buckets.list',
    ]);
  });

  test('a field, a value or a method that is not described does not pass', () => {
    const document = new Discovery('compute.v1');
    expect(document.errors('Instance', { made: 'up', status: 'NOPE', networkInterfaces: [{ x: 1 }] })).toHaveLength(3);
    expect(document.find('GET', '/compute/v1/projects/p/made/up')).toBeUndefined();
  });

  /** Asset type -> its API, and the schema of its data. */
  const SCHEMAS: Readonly<Record<string, readonly [string, string]>> = {
    'compute.googleapis.com/RegionDisk': ['compute.v1', 'Disk'],
    'compute.googleapis.com/GlobalForwardingRule': ['compute.v1', 'ForwardingRule'],
    'compute.googleapis.com/RegionBackendService': ['compute.v1', 'BackendService'],
    'compute.googleapis.com/GlobalAddress': ['compute.v1', 'Address'],
    'sqladmin.googleapis.com/Instance': ['sqladmin.v1beta4', 'DatabaseInstance'],
    'cloudresourcemanager.googleapis.com/Project': ['cloudresourcemanager.v1', 'Project'],
    'apikeys.googleapis.com/Key': ['apikeys.v2', 'V2Key'],
    'bigquery.googleapis.com/Dataset': ['bigquery.v2', 'Dataset'],
    'bigquery.googleapis.com/Table': ['bigquery.v2', 'Table'],
    'cloudfunctions.googleapis.com/Function': ['cloudfunctions.v2', 'Function'],
  };
  const assetsSchema = z.object({
    assets: z.array(z.object({ assetType: z.string(), resource: z.object({ data: z.unknown() }) })),
  });

  test("what each asset's own API says of it is as that API describes it", () => {
    const wrong = new Set<string>();
    const documents = new Map<string, Discovery>();
    const types = new Set<string>();
    const pages = exchanges.filter(({ path, status }) => path.endsWith('/assets') && status === 200);
    for (const { assetType, resource } of pages.flatMap(({ answer }) => assetsSchema.parse(answer).assets)) {
      // Kubernetes describes itself elsewhere.
      if (assetType.startsWith('k8s.io/')) continue;
      const [service = '', kind = ''] = assetType.split('/');
      const [name, schema] = SCHEMAS[assetType] ?? [`${service.replace('.googleapis.com', '')}.v1`, kind];
      const document = documents.get(name) ?? new Discovery(name);
      documents.set(name, document);
      types.add(assetType);
      for (const error of document.errors(schema, resource.data)) wrong.add(`${assetType}: ${error}`);
    }
    expect([...wrong]).toEqual([]);
    console.log(`discovery: the data of ${types.size} asset types fit`);
    expect(types.size).toBeGreaterThan(35);
  });
});

describe('the billing SQL on a BigQuery that is not ours', () => {
  const TABLE = 'gcp_billing_export_v1_01A2B3_C4D5E6_F70819';
  let emulator: Peer;

  beforeAll(async () => {
    const home = join(PEERS, 'bigquery/home');
    mkdirSync(home, { recursive: true });
    const python = join(PEERS, 'bigquery/bin/python');
    // It wants DuckDB's spatial extension from the network; a package carries the same file.
    const install = [
      'import duckdb, duckdb_extension_spatial, pathlib',
      "file = next(pathlib.Path(duckdb_extension_spatial.__path__[0]).rglob('spatial.duckdb_extension'))",
      'duckdb.connect().execute(f"INSTALL \'{file}\'")',
    ];
    await run(python, ['-c', install.join('\n')], { env: { HOME: home, PATH: process.env.PATH ?? '' } });
    const port = await freePort();
    const args = ['start', '--rest-port', String(port), '--grpc-port', '0', '--project', MAIN_PROJECT.projectId];
    emulator = await startPeer(join(PEERS, 'bigquery/bin/bqemulator'), args, {
      url: `http://127.0.0.1:${port}`,
      health: `/bigquery/v2/projects/${MAIN_PROJECT.projectId}/datasets`,
      env: { HOME: home },
      log: 'bigquery.log',
    });
    const others = (sample.settings.endpoints ?? []).filter(({ host }) => host !== 'bigquery.googleapis.com');
    sendTo([{ host: 'bigquery.googleapis.com', url: emulator.url }, ...others]);
    await send('datasets', {
      datasetReference: { projectId: MAIN_PROJECT.projectId, datasetId: 'billing_export' },
      location: 'EU',
    });
  });
  afterAll(() => emulator?.stop());

  async function send(path: string, body: object): Promise<void> {
    const answer = await fetch(`${emulator.url}/bigquery/v2/projects/${MAIN_PROJECT.projectId}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const said = z.object({ insertErrors: z.array(z.unknown()).default([]) }).parse(await answer.json());
    expect([answer.status, said.insertErrors]).toEqual([200, []]);
  }

  const text = (...names: string[]) => names.map((name) => ({ name, type: 'STRING' }));
  const record = (name: string, fields: object[], mode = 'NULLABLE') => ({ name, type: 'RECORD', mode, fields });
  const pair = text('key', 'value');
  const number = (name: string) => ({ name, type: 'FLOAT' });
  const moment = (name: string) => ({ name, type: 'TIMESTAMP' });
  /** @see https://cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/standard-usage */
  const EXPORT_SCHEMA = [
    ...text('billing_account_id'),
    record('service', text('id', 'description')),
    record('sku', text('id', 'description')),
    moment('usage_start_time'),
    moment('usage_end_time'),
    record('project', [
      ...text('id', 'number', 'name', 'ancestry_numbers'),
      record('labels', pair, 'REPEATED'),
      record('ancestors', text('resource_name', 'display_name'), 'REPEATED'),
    ]),
    record('labels', pair, 'REPEATED'),
    record('system_labels', pair, 'REPEATED'),
    record('location', text('location', 'country', 'region', 'zone')),
    record('tags', [...pair, { name: 'inherited', type: 'BOOLEAN' }, ...text('namespace')], 'REPEATED'),
    ...text('transaction_type', 'seller_name'),
    moment('export_time'),
    number('cost'),
    ...text('currency'),
    number('currency_conversion_rate'),
    record('usage', [number('amount'), ...text('unit'), number('amount_in_pricing_units'), ...text('pricing_unit')]),
    record('credits', [...text('name'), number('amount'), ...text('full_name', 'id', 'type')], 'REPEATED'),
    record('invoice', text('month', 'publisher_type')),
    ...text('cost_type'),
    record('adjustment_info', text('id', 'description', 'mode', 'type')),
    number('cost_at_list'),
  ];

  const usage = (at: string, service: string, cost: number, change: object = {}) => ({
    json: {
      billing_account_id: '01A2B3-C4D5E6-F70819',
      service: { id: 'x', description: service },
      usage_start_time: at,
      usage_end_time: at,
      project: { id: MAIN_PROJECT.projectId, number: MAIN_PROJECT.projectNumber },
      location: { location: 'us-central1', country: 'US', region: 'us-central1' },
      export_time: at,
      cost,
      currency: 'USD',
      credits: [],
      invoice: { month: '202611' },
      cost_type: 'regular',
      ...change,
    },
  });
  const credit = (...amounts: number[]) => ({
    credits: amounts.map((amount, n) => ({ name: `credit ${n}`, amount, type: 'PROMOTION' })),
  });

  async function read(): Promise<readonly CostRow[]> {
    const source = costs(parseCredentials(sample.bodies.main), MAIN_PROJECT.projectId);
    const rows: CostRow[] = [];
    let token: string | undefined;
    do {
      const page = await source.page({ from: '2026-11-01', to: '2026-11-03' }, token, { calls: 0, bytes: 1e9 });
      rows.push(...page.rows);
      token = page.next;
    } while (token !== undefined);
    source.close();
    return rows;
  }
  /** The emulator writes zeros at the end, which BigQuery does not. */
  const short = (amount: string | undefined): string =>
    String(amount)
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '');
  const lines = (rows: readonly CostRow[]) =>
    rows.map(({ day, service, region, currency, amount, credits }) =>
      [day, service, region, currency, short(amount), short(credits)].join(' '),
    );

  test("sums a table of the export's schema as it is done by hand", async () => {
    const tableReference = { projectId: MAIN_PROJECT.projectId, datasetId: 'billing_export', tableId: TABLE };
    await send('datasets/billing_export/tables', {
      tableReference,
      timePartitioning: { type: 'DAY' },
      schema: { fields: EXPORT_SCHEMA },
    });
    await send(`datasets/billing_export/tables/${TABLE}/insertAll`, {
      rows: [
        usage('2026-11-01T20:00:00Z', 'Compute Engine', 0.2, credit(-0.05, -0.025)),
        usage('2026-11-01T21:00:00Z', 'Compute Engine', 0.1),
        // 7:59 UTC is still the day before in Pacific standard time, 8:00 is not.
        usage('2026-11-02T07:59:00Z', 'Compute Engine', 0.7),
        usage('2026-11-02T08:00:00Z', 'Compute Engine', 1.25, credit(-1.25)),
        // Before that Sunday's change of the clocks the day begins at 7:00 UTC.
        usage('2026-11-01T07:00:00Z', 'Cloud Storage', 0.004),
        usage('2026-11-01T06:59:00Z', 'Cloud Storage', 100),
        usage('2026-11-03T08:00:00Z', 'Cloud Storage', 100),
        usage('2026-11-02T12:00:00Z', 'Cloud Storage', 0.003, { location: { location: 'us' } }),
        usage('2026-11-02T12:00:00Z', 'Support', -3.5, { location: null, cost_type: 'adjustment' }),
        usage('2026-11-02T12:00:00Z', 'Cloud SQL', 5, { currency: 'EUR' }),
        usage('2026-11-02T12:00:00Z', 'Cloud SQL', 6),
        usage('2026-11-02T12:00:00Z', 'Cloud SQL', 1000, { project: { id: 'another-project' } }),
        usage('2026-11-02T12:00:00Z', 'Invoice', 1000, { project: null, cost_type: 'tax' }),
        // The same day on the invoice of the month before stays a row of its own.
        usage('2026-11-01T20:00:00Z', 'Cloud Run', 1, { invoice: { month: '202610' } }),
        usage('2026-11-01T20:00:00Z', 'Cloud Run', 2),
      ],
    });
    expect(lines(await read())).toEqual([
      '2026-11-01 Cloud Run us-central1 USD 1 0',
      '2026-11-01 Cloud Run us-central1 USD 2 0',
      '2026-11-01 Cloud Storage us-central1 USD 0.004 0',
      '2026-11-01 Compute Engine us-central1 USD 0.925 -0.075',
      '2026-11-02 Cloud SQL us-central1 EUR 5 0',
      '2026-11-02 Cloud SQL us-central1 USD 6 0',
      '2026-11-02 Cloud Storage us USD 0.003 0',
      '2026-11-02 Compute Engine us-central1 USD 0 -1.25',
      '2026-11-02 Support global USD -3.5 0',
    ]);
  });

  test('a second billing account in the same data set is summed in, a detailed export is not', async () => {
    const before = lines(await read());
    for (const tableId of [
      'gcp_billing_export_v1_0F1E2D_3C4B5A_697887',
      'gcp_billing_export_resource_v1_01A2B3_C4D5E6_F70819',
    ]) {
      const tableReference = { projectId: MAIN_PROJECT.projectId, datasetId: 'billing_export', tableId };
      const schema = { fields: EXPORT_SCHEMA };
      await send('datasets/billing_export/tables', { tableReference, timePartitioning: { type: 'DAY' }, schema });
      const cost = tableId.includes('resource') ? 1000 : 0.5;
      await send(`datasets/billing_export/tables/${tableId}/insertAll`, {
        rows: [usage('2026-11-02T12:00:00Z', 'Cloud SQL', cost)],
      });
    }
    const moved = before.map((line) => line.replace('Cloud SQL us-central1 USD 6 ', 'Cloud SQL us-central1 USD 6.5 '));
    expect(lines(await read())).toEqual(moved);
  });
});
