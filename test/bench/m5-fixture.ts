import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { CollectorFacts } from '../../functions/domain/cloud.ts';
import { contentOf, fingerprint, packBytes, packResource } from '../../functions/domain/hashing.ts';
import { planItem, providerItem, resourceItem, scanItem } from '../../functions/domain/items.ts';
import { hashTenant, keys, type ProviderRef, stampOf } from '../../functions/domain/keys.ts';
import { packTasks } from '../../functions/domain/packing.ts';
import type { Resource } from '../../functions/domain/resource.ts';
import { collectorsOf } from '../../functions/providers/registered.ts';
import { ISSUER } from '../../lib/local/account.ts';
import { clientSettings } from '../../lib/local/clients.ts';

/** How many resources a page holds, and so the account: its second request would be the same work again. */
export const RESOURCES = 50;
const REGIONS = ['us-east-1', 'eu-west-1', 'ap-southeast-2'] as const;
const ACCOUNT = '111122223333';
const AT = '2026-01-15T10:00:00.000Z';
const STAMP = stampOf(1, 1);

/** The provider that the requests are about, of the tenant that the twin's tokens name. */
export const REF: ProviderRef = { tenant: hashTenant(ISSUER, 'local'), id: 1 };

/** What the fixture wrote, for the bare program: the partitions whose items a request answers. */
export interface Fixture {
  readonly provider: string;
  readonly resources: readonly string[];
  /** Ledger rows, which a list of resources reads beside them. */
  readonly scans: number;
}

/** Writes a connected and synced provider with its ledger and its inventory. */
export async function fill(url: string, table: string): Promise<Fixture> {
  const collectors = collectorsOf('aws').map((facts) => ({ facts, scopes: scopesOf(facts) }));
  const places = collectors.flatMap(({ facts, scopes }) =>
    facts.types.flatMap((type) => scopes.map((scope) => ({ type, scope }))),
  );
  const resources = Array.from({ length: RESOURCES }, (_, n) => {
    // Spread over all types and regions, and not in the order of the ledger.
    const { type, scope } = places[(n * 7) % places.length] ?? { type: '', scope: '' };
    return { scope, resource: sample(type, scope, n) };
  });
  const scans = collectors.flatMap(({ facts, scopes }) =>
    scopes.map((scope) => {
      const counts = facts.types.map((type) => [
        type,
        resources.filter((r) => r.scope === scope && r.resource.type === type).length,
      ]);
      return scanRow(facts, scope, Object.fromEntries(counts));
    }),
  );
  const rows = resources.map(({ scope, resource }) => resourceRow(scope, resource));
  const client = new DynamoDBClient(clientSettings(url));
  const document = DynamoDBDocumentClient.from(client);
  try {
    for (const Item of [providerRow(), planRow(), ...scans, ...rows])
      await document.send(new PutCommand({ TableName: table, Item }));
  } finally {
    client.destroy();
  }
  return { provider: keys.provider(REF).pk, resources: [...new Set(rows.map(({ pk }) => pk))], scans: scans.length };
}

const SCOPES: Readonly<Record<string, readonly string[]>> = {
  everywhere: ['global', ...REGIONS],
  global: ['global'],
  region: REGIONS,
};
const scopesOf = ({ scope }: CollectorFacts): readonly string[] => SCOPES[scope] ?? [];

function providerRow() {
  const row = providerItem.parse({
    v: 1,
    tenant: 'local',
    id: REF.id,
    cloud: 'aws',
    name: 'Production AWS',
    account: ACCOUNT,
    state: 'connected',
    secret: 'aws/0123456789abcdef',
    last_job: 1,
    due_inventory: AT,
    interval_minutes: 60,
    status: 'synced',
    resource_count: RESOURCES,
    cells: { collected: RESOURCES },
    complete: true,
    created_at: AT,
    last_synced_at: AT,
    last_full_sync_at: AT,
    last_complete_sync_at: AT,
    due_pk: 'DUE#1',
    due_at: AT,
  });
  return { ...keys.provider(REF), ...row };
}

/** What is scanned: only that is listed. */
function planRow() {
  const collectors = collectorsOf('aws');
  const scans = packTasks(collectors, { byKind: SCOPES });
  const cells = collectors.reduce((n, facts) => n + facts.types.length * scopesOf(facts).length, 0);
  return { ...keys.plan(REF, 1), ...planItem.parse({ v: 1, version: 1, body: packBytes({ scans, cells }) }) };
}

function scanRow(facts: CollectorFacts, scope: string, counts: Readonly<Record<string, number>>) {
  const cells = Object.entries(counts).map(([type, count]) => [type, { outcome: 'collected', count, stamped_at: AT }]);
  const row = scanItem.parse({
    v: 1,
    collector: facts.name,
    scope,
    version: 2,
    by: STAMP,
    committed: STAMP,
    digest: '0123456789abcdef0123456789abcdef',
    cells: Object.fromEntries(cells),
    duration_ms: 120,
  });
  return { ...keys.scan(REF, scope, facts.name), ...row };
}

function resourceRow(scope: string, resource: Resource) {
  const print = fingerprint(resource);
  return resourceItem.parse({
    ...keys.resource(REF, resource.type, scope, print.hash),
    v: 1,
    stamp: STAMP,
    first_seen_at: AT,
    content: contentOf(print),
    doc: packResource(resource, []),
  });
}

/** A resource of the size that an instance has: five tags and a dozen fields. */
function sample(type: string, region: string, n: number): Resource {
  const id = `0${(n * 2654435761).toString(16).padStart(16, 'a')}`;
  return {
    external_id: `arn:aws:${type}:${region}:${ACCOUNT}:${type}/${id}`,
    name: `${type}-production-${n}`,
    type,
    region,
    status: n % 5 === 0 ? 'stopped' : 'active',
    tags: {
      Name: `${type}-production-${n}`,
      Environment: 'production',
      Owner: 'platform',
      CostCenter: '4711',
      Team: 'core',
    },
    created_at: '2025-03-01T08:00:00Z',
    configuration: {
      instance_type: 'm7g.large',
      image: `ami-${id}`,
      architecture: 'arm64',
      vpc: `vpc-${id}`,
      subnet: `subnet-${id}`,
      private_ip: `10.0.${n % 256}.17`,
      public_address: 'no',
      instance_profile: `arn:aws:iam::${ACCOUNT}:instance-profile/${type}`,
      metadata_tokens: 'required',
      encrypted: 'yes',
      size_gb: 100 + n,
      security_groups: [`sg-${id}`, 'sg-0default'],
    },
  };
}
