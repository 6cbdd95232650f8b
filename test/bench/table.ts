import { type Measure, met } from './measure.ts';

const COLUMNS = ['measure', 'value', 'must', 'aim', 'met'] as const;

/** The measures as aligned lines, their notes below them under the same numbers. */
export function tableOf(measures: readonly Measure[]): string {
  const rows = [COLUMNS, ...measures.map((measure, n) => rowOf(measure, n + 1))];
  const widths = COLUMNS.map((_, n) => Math.max(...rows.map((row) => (row[n] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      // Text to the left, figures to the right.
      .map((cell, n) =>
        n === 0 || n === COLUMNS.length - 1 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const [head = COLUMNS, ...body] = rows;
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  const notes = measures.flatMap(({ note }, n) => (note === undefined ? [] : [`[${n + 1}] ${note}`]));
  return [line(head), rule, ...body.map(line), ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

function rowOf(measure: Measure, number: number): readonly string[] {
  const { id, name, value, must, aim, higherIsBetter, note } = measure;
  const limit = (at: number): string => `${higherIsBetter === true ? '>=' : '<='} ${figure(at)}`;
  const mark = note === undefined ? '' : ` [${number}]`;
  return [`${id} ${name}${mark}`, figure(value), limit(must), limit(aim), met(measure)];
}

/** Three digits that count, thousands apart. */
function figure(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
