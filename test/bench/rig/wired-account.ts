import type { CloudSession, Collector, CollectorFacts, Failure, Quota } from '../../../functions/domain/cloud.ts';
import { classifyTimed, type TimedCalls } from './timed-calls.ts';
import type { WiredClock } from './wired-clock.ts';

/** A real session whose calls go over loopback while the clock stands still, and take their time on the clock. */
export class WiredAccount implements CloudSession {
  readonly #session: CloudSession & { close(): void };
  readonly #clock: WiredClock;
  readonly timed: TimedCalls;
  readonly atATime: number | undefined;

  constructor(session: CloudSession & { close(): void }, clock: WiredClock, timed: TimedCalls) {
    this.#session = session;
    this.#clock = clock;
    this.timed = timed;
    this.atATime = session.atATime;
  }

  async collector(name: string, scope: string): Promise<Collector> {
    const one = await this.#clock.wait(() => this.#session.collector(name, scope));
    const timed = async <T>(act: () => Promise<T>): Promise<T> => {
      await this.timed.call(one.service, scope);
      return this.#clock.wait(act);
    };
    return {
      ...one,
      async page(token) {
        const page = await timed(() => one.page(token));
        return { ...page, details: page.details.map((detail) => () => timed(detail)) };
      },
    };
  }

  classify(error: unknown, collector: CollectorFacts): Failure {
    return classifyTimed(error, collector, (other) => this.#session.classify(other, collector));
  }

  quota(service: string): Quota | undefined {
    return this.#session.quota(service);
  }

  close(): void {
    this.#session.close();
  }
}
