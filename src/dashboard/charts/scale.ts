/** Where an instant or a value lies on a chart, as SVG percentages: charts stretch with the page without a script. */

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The place of a value in a span, in percent of its length, cut to it. */
export function share(value: number, { from, to }: Span): number {
  if (to <= from) return 0;
  return Math.min(100, Math.max(0, ((value - from) / (to - from)) * 100));
}

/** A percentage for an SVG attribute. */
export function pc(value: number): string {
  return `${Math.round(value * 1_000) / 1_000}%`;
}

/** Starts of the calendar months within a span, for the axis; of days where it is short. */
export function axisTicks(
  { from, to }: Span,
  offsetMs: number,
): { readonly at: number; readonly isMonth: boolean }[] {
  const days = (to - from) / 86_400_000;
  const ticks: { at: number; isMonth: boolean }[] = [];
  const local = new Date(from + offsetMs);
  const step = days > 45 ? "month" : days > 15 ? 7 : days > 4 ? 1 : 0;
  if (step === 0) return ticks;
  const cursor = new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), 1));
  for (; cursor.getTime() - offsetMs < to;) {
    const at = cursor.getTime() - offsetMs;
    if (at > from) ticks.push({ at, isMonth: cursor.getUTCDate() === 1 });
    if (step === "month") cursor.setUTCMonth(cursor.getUTCMonth() + 1);
    else cursor.setUTCDate(cursor.getUTCDate() + step);
  }
  return ticks;
}
