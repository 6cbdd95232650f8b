import { Random } from '../../aws/random.ts';
import type { SampleProject } from '../accounts.ts';

/** What a maker knows of the resource it makes. */
export interface Making {
  readonly project: SampleProject;
  readonly index: number;
  readonly random: Random;
}

export type Data = Readonly<Record<string, unknown>>;

/** One generated resource: its full name without the host, where it is, and what its own API says of it. */
export interface Made {
  readonly path: string;
  readonly location: string;
  readonly data: Data;
}

/** A kind of resource: how many a project holds, and how each is made. The same seed makes the same. */
export interface Kind {
  /** The asset type. */
  readonly assetType: string;
  /** What the inventory should call it. */
  readonly type: string;
  /** Another asset type of a type that has a kind already: knobs that name the type are about that one. */
  readonly variant?: true;
  /** Where its API describes itself; the version is the last but one of the discovery document's address. */
  readonly version: string;
  readonly discovery: string;
  /** At size 1: those that grow with the project, and those that are always there. */
  readonly growing: number;
  readonly fixed?: number;
  make(making: Making): Made;
  /** The data with one attribute changed that the inventory shows; another value for another turn. */
  alter?(data: Data, turn: number): Data;
}

export const randomFor = (project: SampleProject, kind: Kind, index: number): Random =>
  new Random(`gcp/${project.seed}/${kind.assetType}/${index}`);

export const alteredLabels = (data: Data, turn: number): Data => ({
  ...data,
  labels: { ...Object(data.labels), revision: String(turn) },
});

export const REGIONS = ['us-central1', 'europe-west1', 'europe-west3', 'asia-east1'] as const;
export const regionOf = (random: Random): string => random.pick(...REGIONS);
export const zoneOf = (random: Random): string => `${regionOf(random)}-${random.pick('b', 'c', 'd')}`;

/** Labels as real projects have them: mostly some, sometimes none or an empty value. */
export function labelsFor(random: Random): Record<string, string> {
  if (random.chance(0.15)) return {};
  const labels: Record<string, string> = { env: random.pick('prod', 'staging', 'dev') };
  if (random.chance(0.4)) labels.team = random.pick('web', 'größe', 'データ');
  if (random.chance(0.2)) labels.owner = '';
  return labels;
}

export const iso = (random: Random): string => random.date().toISOString();
/** Compute Engine writes times with the offset of its home. */
export const pacific = (random: Random): string =>
  new Date(random.date().getTime() - 8 * 3_600_000).toISOString().replace('Z', '-08:00');

/** Compute Engine's URL of a thing in the project. */
export const computeUrl = (project: SampleProject, path: string): string =>
  `https://www.googleapis.com/compute/v1/projects/${project.projectId}/${path}`;
export const keyOf = (project: SampleProject, region: string): string =>
  `projects/${project.projectId}/locations/${region}/keyRings/main/cryptoKeys/key-0000`;
/** A name with its place in it, so that no two are alike. */
export const named = (what: string, index: number): string => `${what}-${String(index).padStart(4, '0')}`;
export const bigId = (random: Random): string => String(1_000_000_000_000 + random.below(2 ** 31));
