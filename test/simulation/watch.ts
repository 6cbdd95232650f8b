import { scanItem } from '../../functions/domain/items.ts';
import { jobOfStamp, type Key, placeOfResource } from '../../functions/domain/keys.ts';
import { JOB_KINDS } from '../../functions/domain/messages.ts';
import { activeAttribute } from '../../functions/domain/of-kind.ts';
import type { Change } from '../../functions/domain/ports.ts';
import { parseItem } from '../../functions/domain/provider.ts';
import { type Commit, type Expected, expectedBetween, readingOf } from './commits.ts';
import type { CloudCall, FakeCloud, PageRead } from './fake-cloud.ts';
import type { QueueStore } from './memory/queue-store.ts';
import type { Stored } from './memory/values.ts';
import type { Process } from './process.ts';

/** A fence may be so old, and a call may wait so long behind it (milliseconds). */
const FENCE_MS = 1000;
/** Rows that are written between two looks at the fence. */
const PAGE_OF_ROWS = 100;

const jobOf = (process: Process): string | undefined => process.task?.slice(0, process.task.lastIndexOf('/'));
const providerOf = (pk: string): string => /^T#[^#]+#P#\d+/.exec(pk)?.[0] ?? pk;

/**
 * Looks over every shoulder: at each write whether the table may be written so, by whom, and in which order. What it
 * finds is noted at once; what only shows when things are quiet is for the checks.
 */
export class Watch {
  readonly violations: string[] = [];
  readonly commits: Map<string, Commit>;
  readonly #cloud: FakeCloud;
  readonly #now: () => number;
  readonly #reads = new Map<string, PageRead[]>();
  readonly #working = new Map<string, Process>();
  /** Rows asked for by a process in a scan after a higher stamp had refused it. */
  readonly #superseded = new Map<string, number>();
  /** Highest job that wrote rows of a scan, by partition and scope. */
  readonly #highest = new Map<string, number>();
  readonly #begun = new Set<string>();
  readonly #startedJoined = new Set<Process>();
  /** When a provider was disconnected, by its partition, and rows written since by each process. */
  readonly gone = new Map<string, number>();
  readonly #after = new Map<Process, number>();
  readonly #secrets = new Map<string, string>();
  onSend: (queue: QueueStore) => void = () => undefined;
  rowWrites = 0;
  readonly expected: Expected[] = [];
  /** When a provider was last freed of its job. */
  freedAt = 0;

  constructor(cloud: FakeCloud, now: () => number, commits: ReadonlyMap<string, Commit> = new Map()) {
    this.#cloud = cloud;
    this.#now = now;
    this.commits = new Map(commits);
    cloud.onCall = (call) => this.#called(call);
    cloud.onRead = (read) => this.#read(read);
  }

  /** For whoever puts the table back: which job wrote what and who is gone, as it is now. */
  snapshot(): () => void {
    const [highest, gone] = [new Map(this.#highest), new Map(this.gone)];
    return () => {
      this.gone.clear();
      for (const [provider, at] of gone) this.gone.set(provider, at);
      this.#highest.clear();
      for (const [scan, job] of highest) this.#highest.set(scan, job);
    };
  }

  say(what: string): void {
    this.violations.push(what);
  }

  sent(queue: QueueStore): void {
    this.onSend(queue);
  }

  /** A key of a partition is about to be read or written. */
  touched(process: Process, pk: string): void {
    const { tenant } = process;
    if (tenant === undefined || pk === `T#${tenant}` || pk.startsWith(`T#${tenant}#`)) return;
    this.say(`${process.stage} of tenant ${tenant} touched ${pk}`);
  }

  /** A write is about to be made. */
  asked(process: Process, { pk, sk }: Key): void {
    if (pk.includes('#R#')) {
      const scan = `${process.id} ${pk} ${placeOfResource(sk).scope}`;
      const rows = this.#superseded.get(scan);
      if (rows === undefined) return;
      this.#superseded.set(scan, rows + 1);
      if (rows + 1 === PAGE_OF_ROWS) this.say(`${process.id} wrote on in ${scan} after a higher stamp had refused it`);
    }
    const other = process.task === undefined ? undefined : this.#working.get(process.task);
    if (process.stage === 'failTask' && sk.startsWith('SCAN#') && other?.alive === true) {
      this.say(`${process.id} fails task ${process.task} while ${other.id} is at work on it`);
    }
  }

  wrote(
    process: Process,
    key: Key,
    change: Change | undefined,
    before: Stored | undefined,
    after: Stored | undefined,
    applied: boolean,
  ): void {
    const { pk, sk } = key;
    if (pk.includes('#R#')) this.#wroteRow(process, key, String(change?.set?.stamp), before, applied);
    else if (!applied) return;
    else if (pk.endsWith('#COSTS') && change !== undefined && !sk.startsWith('PART#'))
      this.#wroteDay(process, key, before, after);
    else if (sk.startsWith('SCAN#') && change?.set?.committed !== undefined)
      this.#committed(process, key, before, after);
    else if (sk.startsWith('JOB#')) this.#wroteJob(process, key, change, before, after);
    else if (sk.startsWith('PROVIDER#')) this.#wroteProvider(key, before, after);
  }

  secretRead(process: Process, name: string): void {
    const provider = this.#secrets.get(name);
    const at = provider === undefined ? undefined : this.gone.get(provider);
    if (at !== undefined && this.#now() > at + FENCE_MS)
      this.say(`${process.stage} read the secret of ${provider} after the 204`);
  }

  #wroteRow(process: Process, { pk, sk }: Key, mine: string, before: Stored | undefined, applied: boolean): void {
    const stored = typeof before?.stamp === 'string' ? before.stamp : '';
    const scan = `${pk} ${placeOfResource(sk).scope}`;
    if (!applied) {
      const place = `${process.id} ${scan}`;
      if (stored > mine && !this.#superseded.has(place)) this.#superseded.set(place, 0);
      return;
    }
    this.rowWrites += 1;
    if (stored > mine) this.say(`row ${sk}: stamp ${mine} overwrote ${stored}`);
    const [job, highest] = [jobOfStamp(mine), this.#highest.get(scan) ?? 0];
    if (job < highest) this.say(`row ${sk}: job ${job} wrote after job ${highest} had`);
    this.#highest.set(scan, Math.max(job, highest));
    const gone = this.gone.get(providerOf(pk));
    // Until then a look at the fence may be from before.
    if (gone === undefined || this.#now() <= gone + FENCE_MS) return;
    const rows = (this.#after.get(process) ?? 0) + 1;
    this.#after.set(process, rows);
    if (rows > PAGE_OF_ROWS) this.say(`${process.id} wrote more than a page of rows after the 204`);
    if (this.#now() > gone + 120_000) this.say(`row ${sk} was written two minutes after the 204`);
  }

  #wroteDay(process: Process, { pk, sk }: Key, before: Stored | undefined, after: Stored | undefined): void {
    const [was, is] = [String(before?.stamp ?? ''), String(after?.stamp)];
    if (was > is) this.say(`costs of ${sk}: stamp ${is} overwrote ${was}`);
    const gone = this.gone.get(providerOf(pk));
    if (gone === undefined || this.#now() <= gone + FENCE_MS) return;
    const days = (this.#after.get(process) ?? 0) + 1;
    this.#after.set(process, days);
    if (days > 1) this.say(`${process.id} wrote more than a day of costs after the 204`);
  }

  #committed(process: Process, { pk, sk }: Key, before: Stored | undefined, after: Stored | undefined): void {
    if (after === undefined) return;
    const row = parseItem(scanItem, after);
    const was = before === undefined ? undefined : parseItem(scanItem, before).committed;
    const stamp = row.committed ?? '';
    if (was !== undefined && was > stamp) this.say(`scan ${sk}: commit ${stamp} overwrote ${was}`);
    const { pages, whole } = readingOf(
      process,
      this.#reads.get(`${jobOf(process)} ${row.scope}#${row.collector}`) ?? [],
    );
    if (!whole) this.say(`scan ${sk}: committed, though not every page of it was read`);
    const { pageSize } = this.#cloud.collectorNamed(row.collector);
    const about = { pk, collector: row.collector, scope: row.scope };
    this.expected.push(...expectedBetween(about, pageSize, this.commits.get(`${pk} ${sk}`), { pages, stamp }));
    this.commits.set(`${pk} ${sk}`, { stamp, at: this.#now(), digest: row.digest, pages });
  }

  #wroteJob(
    process: Process,
    { sk, pk }: Key,
    change: Change | undefined,
    before: Stored | undefined,
    after: Stored | undefined,
  ): void {
    const was = before?.outcome;
    if (was !== undefined && after?.outcome !== was)
      this.say(`${sk}: outcome ${String(was)} became ${String(after?.outcome)}`);
    if (change?.takeOut?.pending !== undefined) {
      const size = (item: Stored | undefined): number => (item?.pending instanceof Set ? item.pending.size : 0);
      if (size(before) === size(after)) this.say(`${process.id} joined ${pk} ${sk} once more`);
    }
  }

  #wroteProvider({ pk, sk }: Key, before: Stored | undefined, after: Stored | undefined): void {
    const provider = `${pk}#P#${Number(sk.slice('PROVIDER#'.length))}`;
    if (typeof after?.secret === 'string') this.#secrets.set(after.secret, provider);
    for (const active of JOB_KINDS.map(activeAttribute)) {
      if (before?.[active] !== undefined && after?.[active] === undefined) this.freedAt = this.#now();
    }
    if (after?.state === 'disconnected' && before?.state !== 'disconnected') this.gone.set(provider, this.#now());
  }

  #called({ process, collector, scope, page }: CloudCall): void {
    const { task } = process;
    if (task === undefined) return;
    const other = this.#working.get(task);
    if (other?.alive === true && other !== process)
      this.say(`${process.id} and ${other.id} are at work on task ${task}`);
    this.#working.set(task, process);
    if (this.#startedJoined.has(process)) this.say(`${process.id} calls the cloud for task ${task}, which has joined`);
    const provider = task.slice(0, task.indexOf('/'));
    // Tries again and describes belong to the page in flight, which may end.
    const begun = `${process.id} ${collector} ${scope} ${page}`;
    if (this.#begun.has(begun)) return;
    this.#begun.add(begun);
    const gone = this.gone.get(provider);
    if (gone !== undefined && this.#now() > gone + FENCE_MS)
      this.say(`${process.id} began to read ${collector} in ${scope} after the 204`);
  }

  #read(read: PageRead): void {
    const key = `${jobOf(read.process)} ${read.scope}#${read.collector}`;
    const reads = this.#reads.get(key) ?? [];
    this.#reads.set(key, reads);
    reads.push(read);
  }

  /** A collect process begins; whether its task has joined already. */
  began(process: Process, joined: boolean): void {
    if (joined) this.#startedJoined.add(process);
  }

  get cloud(): FakeCloud {
    return this.#cloud;
  }
}
