import type { ShownCosts, ShownJob, ShownProvider, ShownResource } from './api-client.ts';

const BAR = 32;
/** Regions that get a column of their own. */
const COLUMNS = 6;

/** One line that shows how far a job is. */
export function progressLine(name: string, job: ShownJob): string {
  const share = job.cells.total === 0 ? 0 : job.cells.done / job.cells.total;
  const filled = Math.round(BAR * share);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}`;
  const cells = `${job.cells.done}/${job.cells.total} cells`;
  return `  ${name}  ${bar}  ${cells}, ${job.resources.found} resources, ${job.api_calls} calls  ${job.status}`;
}

/** One line that says what of the account is known: only then is a zero in the table a zero. */
export function coverageLine({ coverage, complete }: ShownProvider): string {
  const cells = Object.entries(coverage).map(([outcome, count]) => `${count} ${outcome}`);
  return `  Coverage: ${cells.join(', ')} cells. ${complete ? 'Everything was read: zero means zero.' : 'Not everything is known.'}`;
}

/** A table of how many there are by type and region; the regions with most of them have columns. */
export function inventoryTable(resources: readonly ShownResource[]): string {
  const regions = rank(resources.map((resource) => resource.region));
  const shown = regions.slice(0, COLUMNS);
  const rest = regions.length > shown.length ? ['others'] : [];
  const place = (region: string): string => (shown.includes(region) ? region : 'others');
  const rows = rank(resources.map((resource) => resource.type)).map((type) => {
    const ofType = resources.filter((resource) => resource.type === type);
    const counts = [...shown, ...rest].map((column) => ofType.filter((one) => place(one.region) === column).length);
    return [type, ...counts.map((n) => (n === 0 ? '·' : String(n))), String(ofType.length)];
  });
  const sums = [...shown, ...rest].map((column) => String(resources.filter((r) => place(r.region) === column).length));
  return grid([['type', ...shown, ...rest, 'total'], ...rows, ['total', ...sums, String(resources.length)]]);
}

function rank(values: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([value]) => value);
}

/** Columns to their widest cell, the first to the left and the others to the right; lines under head and above foot. */
function grid(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, n) => Math.max(...rows.map((row) => row[n]?.length ?? 0)));
  const line = `  ${widths.map((width) => '─'.repeat(width)).join('  ')}`;
  const text = rows.map(
    (row) =>
      `  ${row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join('  ')}`,
  );
  return [text[0], line, ...text.slice(1, -1), line, text.at(-1)].join('\n');
}

/** Services that get a bar of their own. */
const BARS = 6;
const LEVELS = '▁▂▃▄▅▆▇█';

/**
 * The last days' costs: a bar for each of the services that cost most, and a column for each day. Amounts are rounded
 * here, for the eye; the API's are exact.
 */
export function costsChart({ source, from, to, costs }: ShownCosts): string {
  if (source.name === null) return '  Costs: this cloud bills nobody.';
  if (source.outcome !== 'collected' && costs.length === 0) {
    const why = source.error_code === null ? '' : ` (${source.error_code})`;
    return `  Costs: ${source.outcome ?? 'not read yet'}${why}.`;
  }
  const currencies = [...new Set(costs.map(({ currency }) => currency))].sort();
  const charts = currencies.map((currency) => {
    const of = costs.filter((one) => one.currency === currency);
    const sum = (rows: typeof of): number => rows.reduce((n, { amount }) => n + Number(amount), 0);
    const services = [...Map.groupBy(of, ({ service }) => service ?? '')]
      .map(([name, rows]) => ({ name, amount: sum(rows) }))
      .sort((a, b) => b.amount - a.amount);
    const rest = services.slice(BARS);
    const shown = [
      ...services.slice(0, BARS),
      ...(rest.length > 0
        ? [{ name: `${rest.length} others`, amount: rest.reduce((n, one) => n + one.amount, 0) }]
        : []),
    ];
    const most = Math.max(...shown.map(({ amount }) => amount), 0.01);
    const widest = Math.max(...shown.map(({ name }) => name.length));
    const digits = Math.max(...shown.map(({ amount }) => amount.toFixed(2).length));
    const bars = shown.map(
      ({ name, amount }) =>
        `  ${name.padEnd(widest)}  ${amount.toFixed(2).padStart(digits)}  ${'█'.repeat(Math.max(0, Math.round((BAR * amount) / most)))}`,
    );
    const days = [...Map.groupBy(of, ({ date }) => date)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, rows]) => sum(rows));
    const top = Math.max(...days, 0.01);
    const columns = days.map((n) => LEVELS[Math.min(7, Math.max(0, Math.floor((n / top) * 8)))] ?? LEVELS[0]).join('');
    const open = of.some(({ estimated }) => estimated) ? ', the last days estimated' : '';
    return [`  Costs ${from} to ${to}: ${sum(of).toFixed(2)} ${currency}${open}`, ...bars, `  by day  ${columns}`].join(
      '\n',
    );
  });
  return charts.length > 0 ? charts.join('\n') : `  Costs ${from} to ${to}: none.`;
}
