/** Days begin and end as on Google's bills and in its console. @see https://cloud.google.com/billing/docs/reports */
const BILLS_ZONE = 'America/Los_Angeles';

/** Identifiers, which no parameter can stand for: only what cannot end a quoted name. */
const PROJECT = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
const DATASET = /^[A-Za-z0-9_]{1,1024}$/;

/**
 * The costs of one project by day, service, region and invoice, out of the standard export of its billing account.
 * Parameters: `@from` (in it) and `@to` (not in it) as `YYYY-MM-DD`, `@project`.
 *
 * - The wildcard takes the tables of all billing accounts that export into the data set: a project that was moved from
 *   one to another has a part in each. Detailed exports (`gcp_billing_export_resource_v1_…`) hold the same costs again;
 *   their names begin otherwise.
 * - A row is loaded after its usage began, however late, so that no partition before `@from` can hold one of the span.
 * - An export holds every project of the billing account, and rows of none (tax, support), which are no project's costs.
 * - `cost` and a credit's `amount` are FLOAT64. Their sum in FLOAT64 depends on the order and drifts; as NUMERIC each is
 *   rounded once, to the nine decimals that Google's own examples use, and the sum is exact. It comes as text, since
 *   JSON numbers are floats too.
 * - A credit is a negative amount within the row that it is for: joined to their credits, rows would count repeatedly.
 * @see https://cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/standard-usage
 * @throws TypeError for identifiers that are none, wherever they come from
 */
export function billingSql(project: string, dataset: string): string {
  if (!PROJECT.test(project) || !DATASET.test(dataset)) throw new TypeError('That is no identifier.');
  return `SELECT
  day, service, region, currency, month,
  CAST(SUM(cost) + SUM(credits) AS STRING) AS amount,
  CAST(SUM(credits) AS STRING) AS credits
FROM (
  SELECT
    CAST(DATE(e.usage_start_time, '${BILLS_ZONE}') AS STRING) AS day,
    e.service.description AS service,
    COALESCE(e.location.region, e.location.location, 'global') AS region,
    e.currency,
    e.invoice.month AS month,
    CAST(e.cost AS NUMERIC) AS cost,
    IFNULL((SELECT SUM(CAST(c.amount AS NUMERIC)) FROM UNNEST(e.credits) AS c), 0) AS credits
  FROM \`${project}.${dataset}.gcp_billing_export_v1_*\` AS e
  WHERE _PARTITIONTIME >= TIMESTAMP(@from)
    AND DATE(e.usage_start_time, '${BILLS_ZONE}') >= DATE(@from)
    AND DATE(e.usage_start_time, '${BILLS_ZONE}') < DATE(@to)
    AND e.project.id = @project
)
GROUP BY day, service, region, currency, month
ORDER BY day, service, region, currency, month`;
}
