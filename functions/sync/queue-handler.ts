import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { deadLetters, messageDelay } from '../adapters/sqs-queues.ts';
import { RetryLaterError } from '../domain/errors.ts';
import type { Worker } from '../domain/lease.ts';
import type { DeadLetters, MessageDelay } from '../domain/ports.ts';
import { type Adapters, openAll, type PortsOf } from '../runtime/adapter.ts';
import type { CapabilityName } from '../runtime/capabilities.ts';
import { type Machine, machine as realMachine } from '../runtime/machine.ts';
import type { Stage } from './stages.ts';

/** A message that fails is seen again after 10 to 60 s, not after the queue's visibility of many minutes. */
const RETRY_SECONDS = { least: 10, most: 60 } as const;
/** Milliseconds before the Lambda's timeout at which a worker begins nothing new. */
const CHECKPOINT_MS = 20_000;

/** One message, parsed. */
export interface Delivery<M> {
  readonly message: M;
  /** The text as it came, for whoever parks it. */
  readonly body: string;
  readonly worker: Worker;
  /** Milliseconds since 1970 after which nothing new should be begun. */
  readonly deadline: number;
}

/** What this module itself uses of every stage that a queue starts. */
type QueueStage = Stage & { readonly needs: readonly CapabilityName[] };
type Declares<S extends QueueStage> = 'delayMessages' | 'parkDeadLetters' extends S['needs'][number] ? S : never;

type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** What every queue handler itself uses of its ports. */
interface OwnPorts {
  readonly deadLetters: DeadLetters;
  readonly delay: MessageDelay;
}

/** A handler as Lambda calls it; `over` gives the same one over other ports, on another machine. */
export type QueueHandler<P> = Handler & { over(ports: P & OwnPorts, machine: Machine): Handler };

/**
 * The only way to make an SQS handler: parses each message by its schema, works on all of a batch side by side,
 * reports those that failed and says when they are seen again. A malformed one goes to the dead letters at once and
 * harms no batch mate.
 */
export function queueHandler<S extends QueueStage, A extends Adapters<S['needs'][number]>, M>(
  _stage: Declares<S>,
  schema: z.ZodType<M>,
  adapters: A,
  handle: (delivery: Delivery<M>, ports: PortsOf<A> & Machine) => Promise<void>,
): QueueHandler<PortsOf<A>>;
export function queueHandler<M>(
  _stage: Stage,
  schema: z.ZodType<M>,
  adapters: Adapters<CapabilityName>,
  handle: (delivery: Delivery<M>, ports: Readonly<Record<string, unknown>> & Machine) => Promise<void>,
): QueueHandler<Readonly<Record<string, unknown>>> {
  const over =
    (ports: () => Readonly<Record<string, unknown>> & OwnPorts, machine: Machine): Handler =>
    async (event, context) => {
      const deadline = machine.clock.now() + context.getRemainingTimeInMillis() - CHECKPOINT_MS;
      const work = async (record: SQSRecord): Promise<void> => {
        const opened = ports();
        const message = parse(schema, record.body);
        if (message === undefined) return park(opened, machine, record);
        const worker = { invocation: context.awsRequestId, message: record.messageId };
        try {
          await handle({ message, body: record.body, worker, deadline }, { ...opened, ...machine });
        } catch (error) {
          await leave(opened, machine, record, error);
          throw error;
        }
      };
      const processor = new BatchProcessor(EventType.SQS);
      return processPartialResponse(event, work, processor, { context, throwOnFullBatchFailure: false });
    };
  const opened = () => ({ delay: messageDelay.open(), deadLetters: deadLetters.open(), ...openAll(adapters) });
  return Object.assign(over(opened, realMachine), {
    over: (ports: Readonly<Record<string, unknown>> & OwnPorts, machine: Machine) => over(() => ports, machine),
  });
}

function parse<M>(schema: z.ZodType<M>, body: string): M | undefined {
  try {
    return schema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

/** Nobody can act on it, and trying again would not help. The text may be anything, so it is not logged. */
async function park(ports: OwnPorts, { log, metrics }: Machine, record: SQSRecord): Promise<void> {
  metrics.count('MalformedMessage');
  log.error('A malformed message was moved to the dead letters.', { message_id: record.messageId });
  await ports.deadLetters.park(record.body, 'malformed');
}

async function leave(ports: OwnPorts, { log, random }: Machine, record: SQSRecord, error: unknown): Promise<void> {
  const known = error instanceof RetryLaterError;
  const spread = RETRY_SECONDS.least + random() * (RETRY_SECONDS.most - RETRY_SECONDS.least);
  const seconds = known ? error.seconds : Math.ceil(spread);
  if (!known) log.warn('A message failed and is tried again.', { message_id: record.messageId, seconds, error });
  try {
    await ports.delay.delay(record.receiptHandle, seconds);
  } catch (failure) {
    // It is then seen again at the end of the queue's own visibility.
    log.warn('The visibility of a message could not be set.', { message_id: record.messageId, error: failure });
  }
}
