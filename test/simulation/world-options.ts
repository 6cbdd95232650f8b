import type { CostFacts } from '../../functions/domain/cost-source.ts';
import type { DomainEvent } from '../../functions/domain/events.ts';
import type { Commit } from './commits.ts';
import type { SimCollector } from './fake-cloud.ts';
import type { FakeCosts } from './fake-costs.ts';
import type { SecretStore } from './memory/secret-store.ts';
import type { TableStore } from './memory/table-store.ts';
import type { Process } from './process.ts';

export interface WorldOptions {
  readonly seed: number;
  readonly collectors: readonly SimCollector[];
  /** How the cloud bills; absent: it bills nobody. */
  readonly costs?: CostFacts | undefined;
  /** Whether the schedule ticks each minute. */
  readonly ticks?: boolean;
  /** How likely a message is handed over twice. */
  readonly duplicates?: number;
  /** What the world was before; see `save`. */
  readonly image?: Image;
  /** Another table than the usual one. */
  readonly table?: TableStore;
  /** Whether a Lambda that lives too long is killed; without, it is a zombie. */
  readonly timeouts?: boolean;
}

/** A world at rest, to begin another from. */
export interface Image {
  readonly at: number;
  readonly epoch: number;
  readonly table: TableStore;
  readonly restore: () => void;
  readonly secrets: SecretStore;
  readonly cells: ReadonlyMap<string, Uint32Array>;
  readonly costs: FakeCosts;
  readonly commits: ReadonlyMap<string, Commit>;
  readonly gone: ReadonlyMap<string, number>;
  readonly events: readonly DomainEvent[];
}

/** A user's request under way. */
export interface Flow<T> {
  readonly process: Process;
  /** It answered, or its process is gone. */
  readonly done: boolean;
  readonly value: T | undefined;
  readonly error: unknown;
}
