import { billDay, type ExportRow } from './export.ts';

/** The query that is known here, text for text; anything else is not evaluated. */
const QUERY = `SELECT
  day, service, region, currency, month,
  CAST(SUM(cost) + SUM(credits) AS STRING) AS amount,
  CAST(SUM(credits) AS STRING) AS credits
FROM (
  SELECT
    CAST(DATE(e.usage_start_time, 'America/Los_Angeles') AS STRING) AS day,
    e.service.description AS service,
    COALESCE(e.location.region, e.location.location, 'global') AS region,
    e.currency,
    e.invoice.month AS month,
    CAST(e.cost AS NUMERIC) AS cost,
    IFNULL((SELECT SUM(CAST(c.amount AS NUMERIC)) FROM UNNEST(e.credits) AS c), 0) AS credits
  FROM \`{project}.{dataset}.gcp_billing_export_v1_*\` AS e
  WHERE _PARTITIONTIME >= TIMESTAMP(@from)
    AND DATE(e.usage_start_time, 'America/Los_Angeles') >= DATE(@from)
    AND DATE(e.usage_start_time, 'America/Los_Angeles') < DATE(@to)
    AND e.project.id = @project
)
GROUP BY day, service, region, currency, month
ORDER BY day, service, region, currency, month`;

const [BEFORE = '', AFTER = ''] = QUERY.split('`{project}.{dataset}.gcp_billing_export_v1_*`');
const TABLE = /^`([a-z][a-z0-9-]+)\.([A-Za-z0-9_]+)\.gcp_billing_export_v1_\*`$/;

/** Which project's data set is asked; undefined for another query. */
export function readQuery(text: string): { readonly project: string; readonly dataset: string } | undefined {
  if (!text.startsWith(BEFORE) || !text.endsWith(AFTER)) return undefined;
  const [, project, dataset] = TABLE.exec(text.slice(BEFORE.length, text.length - AFTER.length)) ?? [];
  return project === undefined || dataset === undefined ? undefined : { project, dataset };
}

export const COLUMNS = ['day', 'service', 'region', 'currency', 'month', 'amount', 'credits'] as const;

/** Nine decimals, as BigQuery's NUMERIC has them. */
const SCALE = 9;
/** FLOAT64 as NUMERIC, in units of the last decimal: half away from zero. */
export function toNumeric(value: number): bigint {
  const [whole = '0', decimals = ''] = Math.abs(value).toFixed(SCALE).split('.');
  const units = BigInt(whole + decimals.padEnd(SCALE, '0'));
  return value < 0 ? -units : units;
}

/** NUMERIC as text: no zeros at the end. */
export function numericText(units: bigint): string {
  const digits = String(units < 0n ? -units : units).padStart(SCALE + 1, '0');
  const [whole, decimals] = [digits.slice(0, -SCALE), digits.slice(-SCALE).replace(/0+$/, '')];
  return `${units < 0n ? '-' : ''}${whole}${decimals === '' ? '' : `.${decimals}`}`;
}

/** What the query answers of rows, in its columns' order. */
export function evaluate(rows: readonly ExportRow[], project: string, from: string, to: string): string[][] {
  const sums = new Map<string, { key: string[]; cost: bigint; credits: bigint }>();
  for (const row of rows) {
    const day = billDay(row.usage_start_time);
    const isLoadedBefore = row.export_time.toISOString().slice(0, 10) < from;
    if (row.project !== project || day < from || day >= to || isLoadedBefore) continue;
    const key = [day, row.service, row.region ?? 'global', row.currency, row.invoice_month];
    const sum = sums.get(key.join('\n')) ?? { key, cost: 0n, credits: 0n };
    sum.cost += toNumeric(row.cost);
    for (const credit of row.credits) sum.credits += toNumeric(credit);
    sums.set(key.join('\n'), sum);
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { key, cost, credits }]) => [...key, numericText(cost + credits), numericText(credits)]);
}
