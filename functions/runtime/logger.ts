import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import type { Log, Metrics } from '../domain/log.ts';

const logger = new Logger({ serviceName: 'infraaudit-providers' });
const powertools = new PowertoolsMetrics({ namespace: 'InfraAuditProviders', serviceName: 'infraaudit-providers' });

/** An error as a log line may show it: its name and place, not its message, which may quote what a caller sent. */
function safe(details: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(details ?? {}).map(([key, value]) => [key, value instanceof Error ? describe(value) : value]),
  );
}

function describe(error: Error): Record<string, unknown> {
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  const cause = error.cause instanceof Error ? { cause: error.cause.name } : {};
  return { name: error.name, at: frames.slice(0, 8).map((line) => line.trim()), ...cause };
}

/** The log of every function: one JSON object a line. */
export const log: Log = {
  info: (message, details) => logger.info(message, safe(details)),
  warn: (message, details) => logger.warn(message, safe(details)),
  error: (message, details) => logger.error(message, safe(details)),
};

/** Metrics by the embedded metric format, with one constant dimension (`service`): one per provider would be dear. */
export const metrics: Metrics = {
  count(name, value = 1) {
    powertools.addMetric(name, 'Count', value);
    powertools.publishStoredMetrics();
  },
};
