/** Structured log lines of the domain. Details hold ids, counts and errors; never what a cloud or a caller sent. */
export interface Log {
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
}

/** Counters that alarms watch. */
export interface Metrics {
  count(name: MetricName, value?: number): void;
}

/** The metrics this project emits, each in the namespace `InfraAuditProviders`. */
export const METRICS = [
  'MalformedMessage',
  'SweepStopped',
  'StalledJob',
  'ScheduleTick',
  'AuditFailed',
  'TaskFailed',
  'CredentialsRejected',
  'ThrottledScan',
  'CostBudgetSpent',
  'EventFailed',
] as const;
export type MetricName = (typeof METRICS)[number];
