import type { Mutant } from './mutant.ts';
import { ofCosts } from './mutants-of-costs.ts';
import { ofFlows } from './mutants-of-flows.ts';
import { ofScans } from './mutants-of-scans.ts';

/** Every rule that is taken out, one at a time. */
export const mutants: readonly Mutant[] = [...ofScans, ...ofFlows, ...ofCosts];
