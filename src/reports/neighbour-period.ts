/** The period before or after another, of the same length or kind: the month after `2026-03` is `2026-04`. */
import { formatInstant } from "../../projections/time/instant.ts";
import { parsePeriod } from "../../projections/time/period.ts";

const dayMs = 86_400_000;

/** What can be written as a period. */
const [earliest, latest] = [Date.UTC(1_000), Date.UTC(9_999)] as const;

/** `label` is a period that is not relative to ledger time. `null` if the neighbour has no name; throws RefusedRequest for anything else. */
export function neighbourPeriod(label: string, step: -1 | 1): string | null {
  const { kind, from, to } = parsePeriod(label);
  const shift = step * (to - from);
  if (from + shift < earliest || to + shift > latest) return null;
  if (kind === "instants") {
    return `${formatInstant(from + shift)}/${formatInstant(to + shift)}`;
  }
  // A calendar period is written as if it were UTC.
  const day = new Date(step === 1 ? to : from - dayMs);
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  if (label.includes("W")) return weekOf(day);
  if (label.includes("Q")) return `${padded(year, 4)}-Q${Math.floor(month / 3) + 1}`;
  return day.toISOString().slice(0, label.length);
}

/** A week of ISO 8601 belongs to the year that its Thursday lies in. */
function weekOf(day: Date): string {
  const thursday = new Date(day.getTime() + (3 - ((day.getUTCDay() + 6) % 7)) * dayMs);
  const year = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * dayMs)) + 1;
  return `${padded(year, 4)}-W${padded(week, 2)}`;
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}
