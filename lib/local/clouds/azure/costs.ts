import { Random } from '../aws/random.ts';
import type { SamplePrincipal } from './accounts.ts';
import type { Knobs } from './knobs.ts';

/** One row as Cost Management groups it; the amount is the text of a JSON number. */
export interface SampleCost {
  readonly day: string;
  readonly service: string;
  readonly region: string;
  readonly currency: string;
  readonly amount: string;
}

const SERVICES: readonly (readonly [service: string, perDay: number])[] = [
  ['Virtual Machines', 48],
  ['Storage', 6],
  ['SQL Database', 12],
  ['Azure Kubernetes Service', 20],
  ['Log Analytics', 3],
  ['Key Vault', 0.0001],
  ['Azure App Service', 9],
  ['Bandwidth', 1],
];
const PLACES = ['EU West', 'EU North', 'US East'] as const;
const DAY_MS = 86_400_000;

/**
 * What a subscription has cost, day by day, up to yesterday: always the same for a seed. Refunds are rows below zero,
 * small amounts are written with an exponent as .NET does it, and support belongs to no place.
 */
export function costsOf(principal: SamplePrincipal, knobs: Knobs, from: string, to: string): readonly SampleCost[] {
  const rows: SampleCost[] = [];
  const yesterday = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
  for (let time = Date.parse(from); time < Date.parse(to); time += DAY_MS) {
    const day = new Date(time).toISOString().slice(0, 10);
    if (day > yesterday) break;
    rows.push(...costsOfDay(principal, day));
  }
  for (const { day, ...late } of knobs.late) {
    if (day >= from && day < to) rows.push({ day, ...late, currency: principal.currency });
  }
  return rows;
}

function costsOfDay({ seed, currency, scale }: SamplePrincipal, day: string): SampleCost[] {
  const rows: SampleCost[] = SERVICES.flatMap(([service, perDay]) =>
    PLACES.map((region) => {
      const random = new Random(`costs/${seed}/${day}/${service}/${region}`);
      const value = perDay * scale * (0.5 + random.next());
      return { day, service, region, currency, amount: numberOf(value) };
    }),
  );
  if (day.endsWith('-10'))
    rows.push({ day, service: 'Virtual Machines', region: 'EU West', currency, amount: '-17.250000000000001' });
  if (day.endsWith('-01'))
    rows.push({ day, service: 'Microsoft Support', region: 'Unassigned', currency, amount: '29' });
  return rows;
}

/** As .NET writes a double: an exponent of two digits for what is small. */
function numberOf(value: number): string {
  if (value >= 0.0001) return String(value);
  const [digits = '0', exponent = '0'] = value.toExponential().split('e-');
  return `${digits}E-${exponent.padStart(2, '0')}`;
}
