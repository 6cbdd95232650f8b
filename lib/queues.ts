import { Duration, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { LARGEST_MESSAGE_BYTES, type QueueSource, type Stage, stages } from '../functions/sync/stages.ts';

/** Deliveries after which a message goes where the redrive leads. */
const MOST_RECEIVES = 5;
/** AWS asks for six times the function's timeout: a message must not come back while its batch may still be at work. */
const TIMEOUTS_INVISIBLE = 6;

/**
 * The pipeline's queues. A task that failed for good goes to `failed-tasks`, where it ends its scans; all else that
 * nobody could handle goes to `dead-letters`, which nobody consumes and an alarm watches.
 */
export class Queues extends Construct {
  readonly deadLetters: Queue;
  readonly failedTasks: Queue;
  readonly requests: Queue;
  /** One for each cloud. */
  readonly tasks: Readonly<Record<string, Queue>>;

  constructor(scope: Construct, id: string, clouds: readonly string[]) {
    super(scope, id);
    this.deadLetters = this.#queue('dead-letters');
    Validations.of(this.deadLetters).acknowledge({
      id: 'Serverless-SQSRedrivePolicy',
      reason: 'It is where messages end: nothing receives from it, so there is nothing to hand on.',
    });
    this.failedTasks = this.#queue('failed-tasks', 'failedTasks', this.deadLetters);
    this.requests = this.#queue('requests', 'requests', this.deadLetters);
    this.tasks = Object.fromEntries(
      clouds.map((cloud) => [cloud, this.#queue(`tasks-${cloud}`, 'tasks', this.failedTasks)]),
    );
  }

  /** The queue that a stage reads; tasks have one for each cloud. */
  of(queue: QueueSource['queue'], cloud: string | undefined): Queue {
    if (queue !== 'tasks') return this[queue];
    const tasks = cloud === undefined ? undefined : this.tasks[cloud];
    if (tasks === undefined) throw new TypeError('A stage that reads tasks must be one per cloud.');
    return tasks;
  }

  #queue(name: string, source?: QueueSource['queue'], redrive?: Queue): Queue {
    return new Queue(this, name, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      // A chain's message carries a bit for each known resource: 167 KB at a million.
      maxMessageSizeBytes: LARGEST_MESSAGE_BYTES,
      ...(source === undefined ? {} : { visibilityTimeout: visibilityOf(source) }),
      ...(redrive === undefined ? {} : { deadLetterQueue: { queue: redrive, maxReceiveCount: MOST_RECEIVES } }),
    });
  }
}

function visibilityOf(queue: QueueSource['queue']): Duration {
  const readers: readonly Stage[] = Object.values(stages);
  const timeouts = readers
    .filter(({ source }) => 'queue' in source && source.queue === queue)
    .map(({ timeoutSeconds }) => timeoutSeconds);
  return Duration.seconds(TIMEOUTS_INVISIBLE * Math.max(...timeouts));
}
