import { Duration, Validations } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type QueueSource, type Stage, stages } from '../functions/sync/stages.ts';
import { ServiceFunction } from './service-function.ts';
import { dueIndexArn, type Resources } from './wiring.ts';

/** What Lambda's poller does in a function's name. */
const POLLING = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'] as const;

/** The sync pipeline: one Lambda for each entry of the stage registry, or one for each cloud, and what starts it. */
export class SyncPipeline extends Construct {
  readonly #resources: Resources;

  constructor(scope: Construct, id: string, resources: Resources, clouds: readonly string[]) {
    super(scope, id);
    this.#resources = resources;
    const registry: readonly Stage[] = Object.values(stages);
    for (const stage of registry) {
      if (stage.perCloud === true) for (const cloud of clouds) this.#stage(stage, cloud);
      else this.#stage(stage);
    }
  }

  #stage(stage: Stage, cloud?: string): void {
    const { source } = stage;
    const queue = 'queue' in source ? this.#resources.queues.of(source.queue, cloud) : undefined;
    const one = new ServiceFunction(this, cloud === undefined ? stage.file : `${stage.file}-${cloud}`, {
      resources: this.#resources,
      entry:
        cloud === undefined
          ? `functions/sync/${stage.file}.ts`
          : `functions/providers/${cloud}/${stage.file}.lambda.ts`,
      needs: stage.needs,
      timeoutSeconds: stage.timeoutSeconds,
      memoryMb: stage.memoryMb,
      inParts: stage.perCloud === true,
      cloud,
      secretsOf: cloud ?? stage.cloud,
      source: queue,
    });
    if ('everyMinutes' in source) this.#tick(one, source.everyMinutes);
    else if (queue !== undefined) readQueue(one, queue, source);
  }

  /** A tick that fails is not tried again: the next one does what it left, and is at most minutes away. */
  #tick(one: ServiceFunction, everyMinutes: number): void {
    one.allow(['dynamodb:Query'], [dueIndexArn(this.#resources)]);
    one.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    const rule = new Rule(this, 'Tick', {
      description: 'Starts the syncs that are due and finishes what a crash left half-done',
      schedule: Schedule.rate(Duration.minutes(everyMinutes)),
      targets: [new LambdaFunction(one.lambda, { retryAttempts: 0 })],
    });
    const reason = 'A tick that is lost is made good by the next one, and an alarm tells when none comes.';
    Validations.of(one).acknowledge({ id: 'Serverless-LambdaAsyncFailureDestination', reason });
    Validations.of(rule).acknowledge({ id: 'Serverless-EventBusDLQ', reason });
  }
}

function readQueue(one: ServiceFunction, queue: Queue, { batchSize, maxConcurrency }: QueueSource): void {
  one.allow(POLLING, [queue.queueArn]);
  const mapping = new EventSourceMapping(one, 'Source', {
    target: one.lambda,
    eventSourceArn: queue.queueArn,
    batchSize,
    maxConcurrency,
    reportBatchItemFailures: true,
  });
  // Lambda tries the role when the mapping is made, so its policy must be there before.
  mapping.node.addDependency(one.role);
  Validations.of(mapping).acknowledge({
    id: 'Serverless-LambdaEventSourceMappingDestination',
    reason: 'For a queue it is the redrive policy that says where failed messages go; Lambda offers no destination.',
  });
}
