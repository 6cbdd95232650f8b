/**
 * Exact decimals as text: `-?digits[.digits]`, no exponent, no zero that says nothing. Money never becomes a number of
 * JavaScript, which knows 0.1 + 0.2 no better than 0.30000000000000004.
 */
export const DECIMAL = /^-?(0|[1-9]\d*)(\.\d*[1-9])?$/;

/** Digits that an amount may have when written out. Clouds give some 10 to 30. */
const MOST_DIGITS = 40;
const WRITTEN = /^([+-]?)(\d{1,60})(?:\.(\d{1,60}))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Writes out what a cloud wrote: `1E-7` is `0.0000001`, `-0.50` is `-0.5`.
 * @returns undefined for what is no decimal (`NaN`, `1,000`, ``), or one of more than 40 digits (`1e400`).
 */
export function exactDecimal(text: string): string | undefined {
  const [, sign, whole, part = '', exponent = '0'] = WRITTEN.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const digits = BigInt(`${whole}${part}`);
  const scale = part.length - Number(exponent);
  const written = textOf(sign === '-' ? -digits : digits, scale);
  return written.replace(/[-.]/g, '').length > MOST_DIGITS ? undefined : written;
}

/** The exact sum of decimals as `exactDecimal` writes them; `0` of none. */
export function sumOf(decimals: readonly string[]): string {
  const parts = decimals.map((decimal) => decimal.split('.'));
  const scale = parts.reduce((most, [, part = '']) => Math.max(most, part.length), 0);
  const sum = parts.reduce(
    (total, [whole = '0', part = '']) => total + BigInt(`${whole}${part.padEnd(scale, '0')}`),
    0n,
  );
  return textOf(sum, scale);
}

/** `digits` × 10^-`scale`. */
function textOf(digits: bigint, scale: number): string {
  if (digits === 0n) return '0';
  const sign = digits < 0n ? '-' : '';
  const text = (digits < 0n ? -digits : digits).toString();
  if (scale <= 0) return `${sign}${text}${'0'.repeat(-scale)}`;
  const padded = text.padStart(scale + 1, '0');
  const part = padded.slice(-scale).replace(/0+$/, '');
  return `${sign}${padded.slice(0, -scale)}${part === '' ? '' : `.${part}`}`;
}
