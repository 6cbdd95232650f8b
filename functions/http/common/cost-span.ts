import { addDays, dayOf, daysBetween } from '../../domain/days.ts';
import { Problem } from './problems.ts';

/** Most days of one request, and those of one that names none. */
const MOST_DAYS = 400;
const USUAL_DAYS = 30;

/** First and last day, both included, UTC. */
export interface CostSpan {
  readonly from: string;
  readonly to: string;
}

/** The days that a request asks for: the last 30 where it names none. @throws Problem 400 */
export function spanOf(
  asked: { readonly from?: string | undefined; readonly to?: string | undefined },
  now: number,
): CostSpan {
  const to = asked.to ?? dayOf(now);
  const from = asked.from ?? addDays(to, 1 - USUAL_DAYS);
  const refused = (details: string): Problem =>
    new Problem(400, 'VALIDATION_FAILED', 'The query is not valid.', { details });
  if (from > to) throw refused('from: must not be after to');
  if (daysBetween(from, to) >= MOST_DAYS) throw refused(`to: must be within ${MOST_DAYS} days of from`);
  return { from, to };
}
