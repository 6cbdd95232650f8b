import type { ShownJob, ShownProvider, ShownResource } from './api-client.ts';

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
