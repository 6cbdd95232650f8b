import { randomUUID } from 'node:crypto';
import { ACCOUNT, REGION } from './account.ts';
import type { Functions } from './functions.ts';
import type { ScheduleModel, StackModel } from './model.ts';

/** A scheduled function failed; its log says why. */
export class TickError extends Error {
  override readonly name = 'TickError';
}

/** Runs what the stack schedules. */
export class Clock {
  readonly #schedules: readonly (ScheduleModel & { readonly function: string })[];
  readonly #functions: Functions;
  #timers: NodeJS.Timeout[] = [];

  constructor({ schedules, functions: models }: Pick<StackModel, 'schedules' | 'functions'>, functions: Functions) {
    this.#functions = functions;
    this.#schedules = schedules.flatMap((schedule) =>
      models.filter(({ arn }) => arn === schedule.functionArn).map(({ name }) => ({ ...schedule, function: name })),
    );
  }

  /** Ticks in real time from now on. A tick that fails is in the log; the next one tries again, as on AWS. */
  start(): void {
    this.#timers = this.#schedules.map((schedule) =>
      setInterval(
        () => this.#functions.invoke(schedule.function, scheduledEvent(schedule)),
        schedule.everyMinutes * 60_000,
      ),
    );
  }

  /** Fires every schedule now. @throws TickError where its function failed. */
  async tick(): Promise<void> {
    const fired = this.#schedules.map(async (schedule) => {
      const outcome = await this.#functions.invoke(schedule.function, scheduledEvent(schedule));
      if (!outcome.ok)
        throw new TickError(`${schedule.function}: ${outcome.error.errorType}: ${outcome.error.errorMessage}`);
    });
    await Promise.all(fired);
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-scheduled-events.html */
function scheduledEvent({ arn, source, input }: ScheduleModel): unknown {
  if (input !== undefined) return JSON.parse(input);
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source,
    account: ACCOUNT,
    time: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    region: REGION,
    resources: [arn],
    detail: source === 'aws.scheduler' ? '{}' : {},
  };
}
