import type { CapabilityName } from '../runtime/capabilities.ts';

export { LARGEST_MESSAGE_BYTES } from '../domain/messages.ts';

/** One step of the sync pipeline: what starts it, what it needs, and its limits. */
export interface Stage {
  /** Module in `functions/sync/` without its ending. Per cloud the entry is `providers/<cloud>/<file>.lambda.ts`. */
  readonly file: string;
  readonly perCloud?: true;
  /** The cloud whose customer secrets `readSecrets` opens, for a stage that is not per cloud. */
  readonly cloud?: 'aws';
  readonly source: QueueSource | { readonly everyMinutes: number };
  readonly needs: readonly CapabilityName[];
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

/** An SQS event source. Visibility of the queue is 6 timeouts, or 720 s for tasks. */
export interface QueueSource {
  readonly queue: 'requests' | 'tasks' | 'failedTasks';
  readonly batchSize: number;
  readonly maxConcurrency: number;
}

/** Longest that collect or fail-task may run; the quiet time after a job that ended early counts on it. Seconds. */
export const COLLECT_TIMEOUT_SECONDS = 120;

/** REGISTRY of the sync pipeline, in the order a sync passes through it. */
export const stages = {
  scheduleSyncs: {
    file: 'schedule-syncs',
    source: { everyMinutes: 1 },
    needs: ['writeTable', 'requestSync', 'deleteSecrets', 'publishEvents'],
    timeoutSeconds: 50,
    memoryMb: 512,
  },
  planSync: {
    file: 'plan-sync',
    cloud: 'aws',
    source: { queue: 'requests', batchSize: 5, maxConcurrency: 5 },
    needs: [
      'writeTable',
      'readSecrets',
      'sendTasks',
      'delayMessages',
      'parkDeadLetters',
      'callClouds',
      'publishEvents',
    ],
    timeoutSeconds: 60,
    memoryMb: 512,
  },
  collectTask: {
    file: 'collect',
    perCloud: true,
    source: { queue: 'tasks', batchSize: 1, maxConcurrency: 20 },
    needs: [
      'writeTable',
      'readSecrets',
      'sendTasks',
      'delayMessages',
      'parkDeadLetters',
      'callClouds',
      'publishEvents',
    ],
    timeoutSeconds: COLLECT_TIMEOUT_SECONDS,
    memoryMb: 1024,
  },
  failTask: {
    file: 'fail-task',
    source: { queue: 'failedTasks', batchSize: 5, maxConcurrency: 2 },
    needs: ['writeTable', 'delayMessages', 'parkDeadLetters', 'publishEvents'],
    timeoutSeconds: COLLECT_TIMEOUT_SECONDS,
    memoryMb: 512,
  },
} as const satisfies Record<string, Stage>;

export type StageName = keyof typeof stages;
