import type { StageName } from '../../../functions/sync/stages.ts';
import { COUNTED_APART, WRITE_KINDS, type WriteKind } from '../write-kinds.ts';

/** One run of a Lambda. */
export interface Invocation {
  readonly stage: StageName;
  readonly milliseconds: number;
}

/** What a sync used of everything that is charged for. */
export class Meters {
  readonly writes: Partial<Record<WriteKind, number>> = {};
  /** Read units of the table. */
  readUnits = 0;
  /** Requests to SQS: sends of up to ten, receives with messages, deletes, changes of visibility. */
  queueRequests = 0;
  secretReads = 0;
  events = 0;
  readonly invocations: Invocation[] = [];

  wrote(kind: WriteKind, units: number): void {
    this.writes[kind] = (this.writes[kind] ?? 0) + units;
  }

  /** Write units, index included. */
  get writeUnits(): number {
    return WRITE_KINDS.reduce((sum, kind) => sum + (this.writes[kind] ?? 0), 0);
  }

  /** Write units without those that the measures count apart. */
  get countedUnits(): number {
    return WRITE_KINDS.filter((kind) => !COUNTED_APART.has(kind)).reduce(
      (sum, kind) => sum + (this.writes[kind] ?? 0),
      0,
    );
  }
}
