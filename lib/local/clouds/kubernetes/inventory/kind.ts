import { Random } from '../../aws/random.ts';
import { CANARY } from '../../sample-cloud.ts';
import type { SampleCluster } from '../clusters.ts';

/** What a maker knows of the object it makes. */
export interface Making {
  readonly cluster: SampleCluster;
  readonly index: number;
  readonly random: Random;
  readonly name: string;
  /** Empty for an object of the cluster. */
  readonly namespace: string;
}

/** What one kind adds to the metadata that all have. */
export interface Body {
  readonly labels?: Readonly<Record<string, string>>;
  readonly owner?: { readonly kind: string; readonly name: string };
  /** `spec`, `status` and whatever else stands beside the metadata. */
  readonly rest: Readonly<Record<string, unknown>>;
}

/** A kind of object: how many there are, and how each is made. The same seed makes the same. */
export interface Kind {
  /** The inventory's type. */
  readonly type: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** At size 1: objects that grow with the cluster, and the names of those that are always there. */
  readonly growing: number;
  readonly fixed?: readonly string[];
  make(making: Making): Body;
}

export const FIXED_NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease', 'infraaudit'] as const;
const TEAMS = ['web', 'billing', 'search', 'batch', 'ml'] as const;
export const NAMESPACES: readonly string[] = [...FIXED_NAMESPACES, ...TEAMS];

export const operationOf = ({ plural, group }: Pick<Kind, 'plural' | 'group'>): string =>
  group === '' ? plural : `${plural}.${group}`;

/** One object of a kind, whole, as a list has it: without `kind` and `apiVersion`. */
export interface SampleObject {
  readonly id: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly rest: Readonly<Record<string, unknown>>;
}

/** @param turn how often it was changed; 0: never. */
export function makeObject(cluster: SampleCluster, kind: Kind, index: number, turn: number): SampleObject {
  const random = new Random(`${cluster.seed}/${kind.type}/${index}`);
  const fixed = kind.fixed ?? [];
  const name = fixed[index] ?? `${random.pick(...TEAMS)}-${kind.kind.toLowerCase()}-${String(index).padStart(5, '0')}`;
  const namespace = kind.namespaced ? random.pick('default', ...TEAMS) : '';
  const { labels = {}, owner, rest } = kind.make({ cluster, index, random, name, namespace });
  const uid = `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`;
  const isCluster = kind.type === 'k8s_namespace' && name === 'kube-system';
  return {
    id: `${kind.group || 'core'}/${kind.kind}/${namespace}/${name}`,
    metadata: {
      name,
      ...(namespace === '' ? {} : { namespace }),
      uid: isCluster ? cluster.uid : uid,
      resourceVersion: String(1000 + index),
      creationTimestamp: `${random.date().toISOString().slice(0, 19)}Z`,
      labels: { ...labels, ...(turn === 0 ? {} : { revision: String(turn) }) },
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({
          kind: kind.kind,
          data: { password: CANARY },
        }),
        note: CANARY,
      },
      ...(owner === undefined
        ? {}
        : { ownerReferences: [{ apiVersion: 'v1', ...owner, uid: random.hex(32), controller: true }] }),
      managedFields: [{ manager: 'kubectl', operation: 'Update', fieldsV1: { 'f:metadata': { [`f:${CANARY}`]: {} } } }],
    },
    rest,
  };
}
