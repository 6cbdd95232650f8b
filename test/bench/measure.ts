/** One figure of the bench, a ratio or a count taken in one run on this machine. */
export interface Measure {
  /** Id in the table of measures, such as `M4`. */
  readonly id: string;
  readonly name: string;
  readonly value: number;
  readonly must: number;
  readonly aim: number;
  /** Absent: lower is better. */
  readonly higherIsBetter?: true;
  /** How it was taken and what it is made of, in one line. */
  readonly note?: string;
}

/** Which of its two limits a measure keeps. A figure that is no number keeps none. */
export type Met = 'aim' | 'must' | 'no';

export function met({ value, must, aim, higherIsBetter }: Measure): Met {
  const keeps = (limit: number): boolean => (higherIsBetter === true ? value >= limit : value <= limit);
  if (keeps(aim)) return 'aim';
  return keeps(must) ? 'must' : 'no';
}

export interface BenchOptions {
  /** Fewer rounds: for a look, not for a figure to be written down. */
  readonly quick: boolean;
}

/** A program that takes one or more measures. */
export interface Bench {
  readonly id: string;
  readonly title: string;
  /** Whether it has a quick form, and runs where only those are asked for. */
  readonly quick: boolean;
  /**
   * @param progress takes a line for whoever watches.
   * @throws whatever kept it from measuring; the other benches still run.
   */
  run(progress: (line: string) => void, options: BenchOptions): Promise<readonly Measure[]>;
}

/** The value below which this share (0 to 1) of the samples lies. @throws RangeError without samples. */
export function percentile(samples: Iterable<number>, share: number): number {
  const sorted = Float64Array.from(samples).sort();
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new RangeError('There are no samples.');
  return value;
}
