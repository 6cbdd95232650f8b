import type { ProviderItem } from './items.ts';
import type { ProviderRef } from './keys.ts';
import type { JobKind } from './messages.ts';
import type { Clock, TableReader } from './ports.ts';
import { mayGoOn, readProvider } from './provider.ts';

/** How old a look at the provider's row may be, in milliseconds. */
const FRESH_MS = 1000;

/** The job is not the provider's active one any more, or the provider is not connected: stop at once. */
export class FencedOffError extends Error {
  override readonly name = 'FencedOffError';
}

/** Asks, before each page that is read and each page of rows that is written, whether this job may go on. */
export class Fence {
  readonly #table: TableReader;
  readonly #clock: Clock;
  readonly #ref: ProviderRef;
  readonly #kind: JobKind;
  readonly #job: number;
  #last: { readonly at: number; readonly open: Promise<boolean> };

  /** @param row the provider's row, read just now. */
  constructor(
    ports: { table: TableReader; clock: Clock },
    ref: ProviderRef,
    kind: JobKind,
    job: number,
    row: ProviderItem | undefined,
  ) {
    this.#table = ports.table;
    this.#clock = ports.clock;
    this.#ref = ref;
    this.#kind = kind;
    this.#job = job;
    this.#last = { at: ports.clock.now(), open: Promise.resolve(mayGoOn(row, kind, job)) };
  }

  /** @throws FencedOffError when it may not. Scans that ask at the same time share one read. */
  async pass(): Promise<void> {
    const now = this.#clock.now();
    if (now - this.#last.at > FRESH_MS) {
      const open = readProvider(this.#table, this.#ref).then((row) => mayGoOn(row, this.#kind, this.#job));
      this.#last = { at: now, open };
    }
    if (!(await this.#last.open)) throw new FencedOffError();
  }
}
