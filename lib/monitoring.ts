import { Duration, Stack } from 'aws-cdk-lib';
import { Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { MetricName } from '../functions/domain/log.ts';
import { Alarms } from './alarms.ts';
import type { HttpApi } from './http-api.ts';
import type { Queues } from './queues.ts';

const NAMESPACE = 'InfraAuditProviders';
/** Powertools puts the service's name on every metric; an alarm that leaves it out watches a metric that never comes. */
const DIMENSIONS = { service: 'infraaudit-providers' } as const;

const MINUTES_5 = Duration.minutes(5);
const MINUTES_15 = Duration.minutes(15);

/** What somebody must hear of. */
export class Monitoring extends Construct {
  readonly #alarms: Alarms;

  constructor(scope: Construct, id: string, api: HttpApi, queues: Queues, alarmEmail: string | undefined) {
    super(scope, id);
    this.#alarms = new Alarms(this, 'Alarms', alarmEmail);
    this.#watchQueues(queues);
    this.#watchApi(api);
    this.#watchWork();
  }

  #watchQueues({ deadLetters, failedTasks, requests, tasks }: Queues): void {
    this.#alarms.add('dead-letters', {
      means: 'A message that nobody could handle was parked.',
      runbook: 'runbook-dead-letters',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: MINUTES_5, statistic: Stats.MAXIMUM }),
      threshold: 1,
    });
    for (const [name, queue] of Object.entries({ requests, 'failed-tasks': failedTasks, ...byName(tasks) })) {
      this.#alarms.add(`old-${name}`, {
        means: 'A message has waited for an hour: longer than five crashed deliveries take.',
        runbook: 'runbook-old-messages',
        metric: queue.metricApproximateAgeOfOldestMessage({ period: MINUTES_5, statistic: Stats.MAXIMUM }),
        threshold: Duration.hours(1).toSeconds(),
      });
    }
  }

  /**
   * Read from the access log, because the gateway's own metrics count all of 4xx alike, where a 404 is no attack, and
   * of 5xx only the number. Nothing here is metric math, which the emulators that the stack is rehearsed on lack.
   */
  #watchApi({ accessLog }: HttpApi): void {
    this.#alarms.add('server-errors', {
      means: 'For ten minutes, one call in twenty or more was answered with 5xx.',
      runbook: 'runbook-server-errors',
      metric: this.#logged(accessLog, 'ServerErrors', { 1: ['5*'], 0: ['2*', '3*', '4*'] }, Stats.AVERAGE),
      threshold: 0.05,
      periods: 2,
    });
    this.#alarms.add('refused-calls', {
      means: 'For five minutes, more than one call a second had no good token or was one too many.',
      runbook: 'runbook-refused-calls',
      metric: this.#logged(accessLog, 'RefusedCalls', { 1: ['401', '429'] }, Stats.SUM),
      threshold: 300,
    });
  }

  /** A metric to which each logged call adds the value whose patterns its status matches. */
  #logged(logGroup: LogGroup, name: string, values: Readonly<Record<number, readonly string[]>>, statistic: string) {
    // A filter gives its metric no constant dimension, and without the name every stack of the account would add to it.
    const metricName = `${name}-${Stack.of(this).stackName}`;
    for (const [metricValue, statuses] of Object.entries(values)) {
      new MetricFilter(this, `${name}-${metricValue}`, {
        logGroup,
        filterPattern: FilterPattern.any(...statuses.map((one) => FilterPattern.stringValue('$.status', '=', one))),
        metricNamespace: NAMESPACE,
        metricName,
        metricValue,
      });
    }
    return new Metric({ namespace: NAMESPACE, metricName, statistic, period: MINUTES_5 });
  }

  /** What the functions count themselves. */
  #watchWork(): void {
    this.#alarms.add('no-ticks', {
      means: 'For half an hour no tick ran to its end: nothing is started, resumed or cleaned up.',
      runbook: 'runbook-no-ticks',
      metric: counted('ScheduleTick', MINUTES_5),
      threshold: 1,
      below: true,
      periods: 6,
      missing: TreatMissingData.BREACHING,
    });
    this.#alarms.add('stalled-jobs', {
      means: 'A sync made no progress, was planned again, and was ended.',
      runbook: 'runbook-stalled-jobs',
      metric: counted('StalledJob', MINUTES_5),
      threshold: 1,
    });
    this.#alarms.add('sweep-stopped', {
      means: 'The sweep stopped before it deleted more secrets than crashes explain. Was the table restored?',
      runbook: 'runbook-sweep-stopped',
      metric: counted('SweepStopped', MINUTES_5),
      threshold: 1,
    });
    this.#alarms.add('audit-failed', {
      means: 'A line is missing in the audit log; the function’s own log has it.',
      runbook: 'runbook-audit-failed',
      metric: counted('AuditFailed', MINUTES_5),
      threshold: 1,
    });
    this.#alarms.add('events-lost', {
      means: 'An event could not be published; whoever builds on events missed it.',
      runbook: 'runbook-events-lost',
      metric: counted('EventFailed', MINUTES_5),
      threshold: 1,
    });
    this.#alarms.add('credentials-rejected', {
      means: 'A cloud refused credentials that it accepted when they were connected.',
      runbook: 'runbook-credentials-rejected',
      metric: counted('CredentialsRejected', MINUTES_15),
      threshold: 1,
    });
    this.#alarms.add('throttled-scans', {
      means: 'For half an hour a cloud kept throttling us: what is collected grows old.',
      runbook: 'runbook-throttled-scans',
      metric: counted('ThrottledScan', MINUTES_15),
      threshold: 30,
      periods: 2,
    });
    this.#alarms.add('cost-budget', {
      means:
        'Reading the costs of an account has reached its monthly budget: they stand still until the month is over.',
      runbook: 'runbook-cost-budget',
      metric: counted('CostBudgetSpent', MINUTES_15),
      threshold: 1,
    });
  }
}

function counted(metricName: MetricName, period: Duration): Metric {
  return new Metric({ namespace: NAMESPACE, metricName, dimensionsMap: DIMENSIONS, statistic: Stats.SUM, period });
}

function byName(tasks: Queues['tasks']): Queues['tasks'] {
  return Object.fromEntries(Object.entries(tasks).map(([cloud, queue]) => [`tasks-${cloud}`, queue]));
}
