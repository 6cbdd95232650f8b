import { chains } from './chains.ts';
import { costScenarios } from './cost-scenarios.ts';
import { directed } from './directed.ts';
import { directedJobs } from './directed-jobs.ts';
import { enumerate, type Failed, type Scenario } from './harness.ts';
import { flows } from './scenarios.ts';
import { sweeps } from './sweeps.ts';

/** Everything that `npm test` runs, the quick ones first. */
export const fixed: readonly Scenario[] = [
  ...directed,
  ...directedJobs,
  ...chains.filter(({ once }) => once),
  ...sweeps,
  ...costScenarios,
  ...flows,
  ...chains.filter(({ once }) => !once),
];

/** A failure as a person reads it. */
export function describeFailure({ scenario, point, violations, trace }: Failed, lines = 40): string {
  return [`${scenario}, ${point}:`, ...violations.map((one) => `  ${one}`), ...trace.slice(-lines)].join('\n');
}

/** Runs scenarios in turn until one fails. @param first the one to begin with. */
export async function runFixed(first: string | undefined, say: (line: string) => void): Promise<Failed | undefined> {
  const begun = fixed.filter(({ name }) => name === first);
  for (const scenario of [...begun, ...fixed.filter(({ name }) => name !== first)]) {
    try {
      const { failed, runs } = await enumerate(scenario);
      say(`${scenario.name}: ${runs} runs`);
      if (failed[0] !== undefined) return failed[0];
    } catch (error) {
      return { scenario: scenario.name, point: 'the beginning', violations: [String(error)], trace: [] };
    }
  }
  return undefined;
}
