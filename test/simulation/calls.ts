import { type Call, type FaultRule, InjectedError, type Process } from './process.ts';
import type { Random } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Milliseconds that a call takes, at least and at most. */
export type Latency = readonly [number, number];

/** Where every call of every process passes: it takes its time, is counted, and may meet a fault. */
export class Calls {
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #note: (line: string) => void;
  fault: FaultRule = () => undefined;
  /** Effects so far, of all processes. */
  effects = 0;

  constructor(clock: VirtualClock, random: Random, note: (line: string) => void) {
    this.#clock = clock;
    this.#random = random;
    this.#note = note;
  }

  /** @param act what the call does where it arrives, all at once. */
  async make<T>(process: Process, call: Call, latency: Latency, act: () => T): Promise<T> {
    if (!process.alive) return new Promise(() => undefined);
    const effects = call.effect ? this.effects++ : this.effects;
    const fault = this.fault({ ...call, process, effects });
    const time = this.#random.between(...latency);
    if (fault?.is === 'late') {
      this.#clock.at(this.#clock.now() + fault.milliseconds, () => {
        this.#say(process, call, 'arrives late');
        act();
      });
      this.#say(process, call, 'KILLED, in flight');
      process.end();
      return new Promise(() => undefined);
    }
    await this.#travel(process, time + (fault?.is === 'slow' ? fault.milliseconds : 0));
    if (fault?.is === 'refuse') {
      this.#say(process, call, 'refused');
      throw new InjectedError(`${call.op} was refused.`);
    }
    const answer = act();
    if (call.effect || fault !== undefined) this.#say(process, call, fault?.is ?? '');
    if (fault?.is === 'kill') {
      process.end();
      return new Promise(() => undefined);
    }
    if (fault?.is === 'error') throw new InjectedError(`${call.op} gave no answer.`);
    if (fault?.is !== 'lost') return answer;
    await this.#travel(process, time);
    this.#say(process, call, 'again');
    return act();
  }

  /** Never comes back for a process that is gone meanwhile. */
  #travel(process: Process, milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.at(this.#clock.now() + milliseconds, () => {
        if (process.alive) resolve();
      });
    });
  }

  #say(process: Process, { op, on, sets }: Call, what: string): void {
    this.#note(
      `${process.stage} ${process.id}: ${op} ${on}${sets === undefined ? '' : ` {${sets.join(' ')}}`} ${what}`,
    );
  }
}
