import { absent, allOf, type Condition, equal, type Value } from './conditions.ts';
import type { ProviderItem, Running } from './items.ts';
import type { ProviderRef } from './keys.ts';
import { JOB_KINDS, type JobKind } from './messages.ts';
import { isoTime } from './ports.ts';
import { dueAt } from './schedule.ts';

/**
 * What a provider's row holds for each kind of job. The kinds run side by side and know nothing of each other but this:
 * `due_at`, the one place of a provider in the due index, is the earliest time at which any of them must be looked at.
 */
export const activeAttribute = (kind: JobKind) => `active_${kind}` as const;
const runningAttribute = (kind: JobKind) => `running_${kind}` as const;
const dueAttribute = (kind: JobKind) => `due_${kind}` as const;
const quietAttribute = (kind: JobKind) => `quiet_until_${kind}` as const;

/** A kind's part of a provider's row. Times are RFC 3339 with milliseconds. */
export interface OfKind {
  /** Number of its active job. */
  readonly active: number | undefined;
  readonly running: Running | undefined;
  readonly due: string | undefined;
  readonly quietUntil: string | undefined;
}

export const ofKind = (provider: ProviderItem, kind: JobKind): OfKind => ({
  active: provider[activeAttribute(kind)],
  running: provider[runningAttribute(kind)],
  due: provider[dueAttribute(kind)],
  quietUntil: provider[quietAttribute(kind)],
});

/** The kind whose active job has that number. */
export const kindOfActive = (provider: ProviderItem, job: number): JobKind | undefined =>
  JOB_KINDS.find((kind) => provider[activeAttribute(kind)] === job);

/** Attributes of a kind that has an active job. */
export const activated = (kind: JobKind, job: number, running: Running): Record<string, Value | undefined> => ({
  [activeAttribute(kind)]: job,
  [runningAttribute(kind)]: running,
});

/** Attributes to remove when the active job of a kind is over. */
export const idle = (kind: JobKind): readonly string[] => [activeAttribute(kind), runningAttribute(kind)];

export const runningAs = (kind: JobKind, running: Running): Record<string, Value | undefined> => ({
  [runningAttribute(kind)]: running,
});

export const quietUntil = (kind: JobKind, at: number): Record<string, Value | undefined> => ({
  [quietAttribute(kind)]: isoTime(at),
});

/** Attributes to remove from a provider that is not to sync any more. */
export const neverDue: readonly string[] = JOB_KINDS.map(dueAttribute);

/** The earliest time (RFC 3339) at which any kind must be looked at; undefined where none is known. */
export const earliestDue = (provider: ProviderItem): string | undefined =>
  JOB_KINDS.flatMap((kind) => provider[dueAttribute(kind)] ?? []).sort()[0];

/**
 * Says when a kind must be looked at next (milliseconds), and so the provider. The other kinds' times are part of the
 * result: `unmoved` must hold where it is written, or a time that was moved up meanwhile would be forgotten.
 */
export function dueNext(
  ref: ProviderRef,
  provider: ProviderItem,
  kind: JobKind,
  at: number,
): { readonly at: string; readonly set: Record<string, Value | undefined>; readonly unmoved: Condition } {
  const others = JOB_KINDS.filter((other) => other !== kind);
  const times = others.flatMap((other) => Date.parse(provider[dueAttribute(other)] ?? '') || []);
  return {
    at: isoTime(at),
    set: { [dueAttribute(kind)]: isoTime(at), ...dueAt(ref, Math.min(at, ...times)) },
    unmoved: allOf(...others.map((other) => unmoved(provider, other))),
  };
}

/** A kind's due time is still the one that was read. */
export function unmoved(provider: ProviderItem, kind: JobKind): Condition {
  const due = provider[dueAttribute(kind)];
  return due === undefined ? absent(dueAttribute(kind)) : equal(dueAttribute(kind), due);
}
