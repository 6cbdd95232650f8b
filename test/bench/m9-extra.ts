import { extraWork, type Work } from '../simulation/extra-work.ts';
import type { Bench, Measure } from './measure.ts';

const LIMITS = { id: 'M9', must: 1.3, aim: 1.1 } as const;

/** What deliveries that come twice and crashes add to the work of a sync, as the simulator counts it. */
export const extra: Bench = {
  id: 'M9',
  title: 'extra calls and writes of doubled messages and of crashes',
  quick: true,
  async run(progress) {
    let said = 0;
    const { plain, doubled, crashed } = await extraWork((line) => {
      said += 1;
      if (said % 20 === 0) progress(line);
    });
    const ratio = (one: Work): number => Math.max(one.cloudCalls / plain.cloudCalls, one.writes / plain.writes);
    const worst = crashed.reduce((a, b) => (ratio(b) > ratio(a) ? b : a));
    const mean = (of: (one: Work) => number): string =>
      (crashed.reduce((sum, one) => sum + of(one), 0) / crashed.length).toFixed(2);
    const how = `${plain.cloudCalls} calls and ${plain.writes} write units without a fault; the larger of the two ratios`;
    const describe = ({ what, cloudCalls, writes }: Work): string =>
      `${what}: ${cloudCalls} calls, ${writes} write units`;
    progress(`${describe(plain)}; ${describe(doubled)}; worst ${describe(worst)}`);
    const measures: Measure[] = [
      {
        ...LIMITS,
        name: 'calls and writes ÷ those without a fault, every message twice',
        value: ratio(doubled),
        note: `${describe(doubled)}; ${how}; every invariant of the simulator held`,
      },
      {
        ...LIMITS,
        name: 'calls and writes ÷ those without a fault, a crash at the worst step',
        value: ratio(worst),
        note: `${describe(worst)}; ${crashed.length} runs, one for each effect after which its Lambda is killed; on average calls ${mean((one) => one.cloudCalls / plain.cloudCalls)}, writes ${mean((one) => one.writes / plain.writes)}; ${how}`,
      },
    ];
    return measures;
  },
};
