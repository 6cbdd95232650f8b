const DAY_MS = 24 * 3_600_000;

/** A day as `YYYY-MM-DD`, UTC. */
export const dayOf = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);

/** So many days later; earlier where negative. */
export const addDays = (day: string, days: number): string => dayOf(Date.parse(day) + days * DAY_MS);

/** Days from one (included) to another (not included). */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);

/** The first day of its month. */
export const monthStart = (day: string): string => `${day.slice(0, 8)}01`;

/** Whether a text is a day that exists, between the years 1970 and 9999. */
export function isDay(text: string): boolean {
  const at = /^(19[7-9]\d|[2-9]\d{3})-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(at) && dayOf(at) === text;
}
