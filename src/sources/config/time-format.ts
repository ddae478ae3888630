/** Formats of times in outage logs, checked before a row is read: a format that is misread puts rows hours off in silence. */

/** Formats that are instants by themselves. */
export const instantFormats: ReadonlySet<string> = new Set(["rfc3339", "unix", "unix-ms"]);

/** What a token of Luxon's stands for; tokens that only write, or that do not fix a time, are not among them. */
const tokens: Readonly<Record<string, Part>> = {
  ...named("year", "y", "yy", "yyyy"),
  ...named("month", "M", "MM", "MMM", "MMMM", "L", "LL", "LLL", "LLLL"),
  ...named("day", "d", "dd"),
  ...named("dayOfYear", "o", "ooo"),
  ...named("weekday", "E", "EEE", "EEEE", "c", "ccc", "cccc"),
  ...named("hour24", "H", "HH"),
  ...named("hour12", "h", "hh"),
  ...named("meridiem", "a"),
  ...named("minute", "m", "mm"),
  ...named("second", "s", "ss"),
  ...named("fraction", "S", "SSS", "u", "uu", "uuu"),
  ...named("offset", "Z", "ZZ", "ZZZ"),
};

type Part =
  | "year"
  | "month"
  | "day"
  | "dayOfYear"
  | "weekday"
  | "hour24"
  | "hour12"
  | "meridiem"
  | "minute"
  | "second"
  | "fraction"
  | "offset";

function named(part: Part, ...names: string[]): Record<string, Part> {
  return Object.fromEntries(names.map((name) => [name, part]));
}

/** Runs of one letter outside single quotes: Luxon's tokens. */
function tokensOf(format: string): string[] {
  return format.replaceAll(/'[^']*'/g, " ").match(/([A-Za-z])\1*/g) ?? [];
}

/** Whether a time of that format says its offset itself. */
export function hasOffset(format: string): boolean {
  return tokensOf(format).some((token) => tokens[token] === "offset");
}

/** Whether its texts say UTC, by a letter that Luxon does not read as an offset. */
export function saysUtc(format: string): boolean {
  return /'\s*(Z|UTC|GMT)\s*'/.test(format);
}

/** Whether clocks of the zone always show UTC. */
export function isUtc(zone: string): boolean {
  return /^(Etc\/)?(UTC|UCT|GMT|GMT0|GMT[+-]0|Zulu|Universal|Greenwich)$/.test(zone);
}

/** Why a format cannot be used, as the rest of a sentence; `null` if it can. */
export function formatError(format: string): string | null {
  if (instantFormats.has(format)) return null;
  const found = tokensOf(format);
  const unknown = found.find((token) => tokens[token] === undefined);
  if (unknown !== undefined)
    return `has the token "${unknown}", which is not known; put text in single quotes`;
  const parts = found.flatMap((token) => tokens[token] ?? []);
  const twice = parts.find((part, i) => parts.indexOf(part) < i);
  if (twice !== undefined) {
    const both = found.filter((token) => tokens[token] === twice).join('" and "');
    return `contradicts itself: "${both}" say the same part twice`;
  }
  const has = (part: Part) => parts.includes(part);
  if (has("hour24") && (has("hour12") || has("meridiem")))
    return 'contradicts itself: "H" has 24 hours, "h" and "a" have twice 12';
  if (has("hour12") && !has("meridiem")) return 'does not fix a time: "h" needs "a" (AM or PM)';
  if (has("meridiem") && !has("hour12")) return 'does not fix a time: "a" needs "h"';
  if (has("dayOfYear") && (has("month") || has("day")))
    return 'contradicts itself: "o" is the day of the year, beside a month or a day of it';
  if (!has("year")) return 'does not fix a date: it has no year ("yyyy" or "yy")';
  if (!has("dayOfYear") && !has("month")) return 'does not fix a date: it has no month ("M")';
  if (!has("dayOfYear") && !has("day")) return 'does not fix a date: it has no day ("d")';
  if ((has("minute") || has("second")) && !has("hour24") && !has("hour12"))
    return 'does not fix a time: it has minutes, but no hour ("H")';
  return null;
}
