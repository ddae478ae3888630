/** The instant of `NotBefore`: RFC 3339, or RFC 1123 with a weekday that nobody looks at (Microsoft's own example has a wrong one). */
import { parseInstant } from "../../../projections/time/instant.ts";

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const pattern =
  /^(?:[A-Za-z]{3,9},\s*)?(\d{1,2})\s+([A-Za-z]{3})\s+(\d{4})\s+(\d{2}:\d{2}:\d{2})\s+(?:GMT|UTC|Z)$/;

/** Milliseconds since the epoch; `null` for what is none. */
export function parseNotBefore(text: string): number | null {
  const [, day = "", month = "", year = "", time = ""] = pattern.exec(text.trim()) ?? [];
  const index = months.indexOf(month.toLowerCase());
  if (index < 0) return parseInstant(text.trim());
  const date = `${year}-${String(index + 1).padStart(2, "0")}-${day.padStart(2, "0")}`;
  return parseInstant(`${date}T${time}Z`);
}
