import { Random } from '../../aws/random.ts';
import { EXAMPLE_PROJECT, MAIN_PROJECT, type SampleProject } from '../accounts.ts';
import type { Knobs } from '../knobs.ts';

/**
 * A row of the standard export, as far as anything here looks at it.
 * @see https://cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/standard-usage
 */
export interface ExportRow {
  readonly usage_start_time: Date;
  /** When it was loaded: whoever looks before does not see it. */
  readonly export_time: Date;
  /** null: a cost of no project, such as tax. */
  readonly project: string | null;
  readonly service: string;
  readonly region: string | null;
  readonly currency: string;
  /** FLOAT64, as the export has it. */
  readonly cost: number;
  readonly credits: readonly number[];
  readonly invoice_month: string;
  readonly cost_type: 'regular' | 'tax' | 'adjustment';
}

const DAY = 86_400_000;
const HOUR = 3_600_000;

const SERVICES = [
  ['Compute Engine', 40],
  ['Cloud Storage', 3.5],
  ['Cloud SQL', 12],
  ['Kubernetes Engine', 9],
  ['BigQuery', 2],
  ['Cloud Run', 1.2],
  ['Networking', 0.7],
] as const;
const PLACES = ['us-central1', 'europe-west1', null] as const;

const pacific = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Los_Angeles', dateStyle: 'short' });
/** The day of a bill: Google's bills have Pacific days. */
export const billDay = (time: Date): string => pacific.format(time);

/** What a billing account exports of the usage of a span of time: every project of it, and rows of none. */
export function exportRows(of: SampleProject, knobs: Knobs, from: number, to: number, now: number): ExportRow[] {
  const first = Math.floor(from / DAY);
  const days = Math.max(0, Math.ceil(to / DAY) - first);
  const usual = Array.from({ length: days }, (_, n) => rowsOfDay(of, first + n)).flat();
  const late = of === MAIN_PROJECT ? knobs.billing.late.map((row) => lateRow(of, row, now)) : [];
  const inSpan = ({ usage_start_time: at }: ExportRow) => at.getTime() >= from && at.getTime() < to;
  return [...usual, ...late].filter((row) => inSpan(row) && row.export_time.getTime() <= now);
}

/** The same day is the same whenever it is looked at. */
function rowsOfDay(of: SampleProject, day: number): ExportRow[] {
  const random = new Random(`gcp/${of.seed}/bill/${day}`);
  const rows: ExportRow[] = [];
  for (const [service, price] of SERVICES) {
    for (const region of PLACES) {
      // 3 o'clock UTC is still the day before in Pacific time.
      for (const hour of [3, 15]) {
        const at = day * DAY + hour * HOUR;
        const cost = price * of.scale * (0.5 + random.next()) * (region === null ? 0.01 : 0.4);
        const credits = random.chance(0.4) ? [-cost * 0.3, ...(random.chance(0.3) ? [-cost / 7] : [])] : [];
        rows.push(row(at, random, { service, region, cost, credits, project: of.projectId }));
        if (random.chance(0.2)) {
          rows.push(row(at, random, { service, region, cost: cost * 3, credits: [], project: 'another-project' }));
        }
      }
    }
  }
  const at = day * DAY + 20 * HOUR;
  const nowhere = { region: null, credits: [] };
  rows.push({ ...row(at, random, { ...nowhere, service: 'Invoice', cost: 1.9, project: null }), cost_type: 'tax' });
  if (day % 11 === 0) {
    const refund = { ...nowhere, service: 'Support', cost: -0.123456789, project: of.projectId };
    rows.push({ ...row(at, random, refund), cost_type: 'adjustment' });
  }
  return rows;
}

function row(
  at: number,
  random: Random,
  is: Pick<ExportRow, 'service' | 'region' | 'cost' | 'credits' | 'project'>,
): ExportRow {
  const start = new Date(at);
  return {
    ...is,
    usage_start_time: start,
    export_time: new Date(at + HOUR * (3 + random.below(20))),
    currency: 'USD',
    invoice_month: billDay(start).slice(0, 7).replace('-', ''),
    cost_type: 'regular',
  };
}

function lateRow(of: SampleProject, late: Knobs['billing']['late'][number], now: number): ExportRow {
  const start = new Date(`${late.day}T18:00:00Z`);
  return {
    usage_start_time: start,
    export_time: new Date(now - 1),
    project: of.projectId,
    service: late.service,
    region: late.region,
    currency: late.currency,
    cost: late.cost,
    credits: late.credits,
    invoice_month: late.day.slice(0, 7).replace('-', ''),
    cost_type: 'regular',
  };
}

export const exporting = (dataset: string, projectId: string): SampleProject | undefined =>
  [MAIN_PROJECT, EXAMPLE_PROJECT].find((one) => one.projectId === projectId && one.dataset.id === dataset);
