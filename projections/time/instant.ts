/**
 * Instants as text: RFC 3339 is read, `YYYY-MM-DDTHH:MM:SS.mmmZ` is written, and in between they are whole
 * milliseconds.
 */

/** The years allowed for instants of events: four digits, and nothing older than computers. */
export const minYear = 1900;
export const maxYear = 9999;

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/**
 * The instant that an RFC 3339 text names, in milliseconds since 1970-01-01T00:00:00Z; digits past
 * the millisecond are cut off. `null` if it is none: a date that does not exist, a leap second
 * (`:60`), hour 24, no offset, or a year outside the limits.
 */
export function parseInstant(text: string): number | null {
  const quick = parseCanonical(text);
  if (quick !== null) return quick;
  const year = Number(text.slice(0, 4));
  if (year < minYear || year > maxYear) return null;
  const utc = parseAnyInstant(text);
  // An offset can carry the first or last day of the range out of four digits.
  return utc === null ||
    utc < Date.UTC(minYear, 0, 1) ||
    utc > Date.UTC(maxYear, 11, 31, 23, 59, 59, 999)
    ? null
    : utc;
}

/** As `parseInstant`, for the bounds of a window, which may lie in any year from 0000 to 9999. */
export function parseAnyInstant(text: string): number | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction = "", sign, offsetHour, offsetMinute] =
    match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  if (Number(offsetHour ?? 0) > 23 || Number(offsetMinute ?? 0) > 59) return null;
  // `Date.UTC` would read the years 0 to 99 as 1900 to 1999.
  const date = new Date(0).setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const check = new Date(date);
  if (check.getUTCMonth() !== Number(month) - 1 || check.getUTCDate() !== Number(day)) return null;
  const timeMs = (Number(hour) * 3_600 + Number(minute) * 60 + Number(second)) * 1_000;
  const millis = Number(`${fraction}000`.slice(0, 3));
  const offsetMs = (Number(offsetHour ?? 0) * 60 + Number(offsetMinute ?? 0)) * 60_000;
  return date + timeMs + millis + (sign === "-" ? offsetMs : -offsetMs);
}

/** The milliseconds of a canonical instant, as event data contain it. Throws a RangeError for any other text. */
export function instantMs(canonical: string): number {
  const ms = Date.parse(canonical);
  if (Number.isNaN(ms)) throw new RangeError(`not an instant: ${canonical}`);
  return ms;
}

const withoutOffset = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)$/;

/** Why a text is not an instant, and what to write instead, as the rest of a sentence; for text that `parseInstant` refuses. */
export function whyNoInstant(text: string): string {
  const [, day, time] = withoutOffset.exec(text) ?? [];
  if (day !== undefined && time !== undefined) {
    const whole = time.length === 5 ? `${time}:00` : time;
    return `has no offset: write ${day}T${whole}Z for UTC, or end it with the offset, such as +01:00`;
  }
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    return `is a date without a time: write ${text}T00:00:00Z for its start in UTC`;
  }
  if (/^\d{4}-\d{2}-\d{2} \d/.test(text))
    return `needs a T between date and time: write ${text.replace(" ", "T")}`;
  if (/:60(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/.test(text)) {
    return "is a leap second, which the ledger does not take: write :59";
  }
  if (pattern.test(text)) return "does not exist in the calendar, or its year is out of range";
  return "is no RFC 3339 instant with an offset, such as 2026-03-01T00:00:00Z";
}

const minuteMs = 60_000;
/** Years of four digits; beyond them the engine's own text has another form. */
const firstPlainMs = Date.parse("0000-01-01T00:00:00.000Z");
const lastPlainMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** `00` to `59`, and `.000Z` to `.999Z`. */
const secondTexts = Array.from({ length: 60 }, (_, second) => String(second).padStart(2, "0"));
const milliTexts = Array.from({ length: 1_000 }, (_, ms) => `.${String(ms).padStart(3, "0")}Z`);

// Texts of recent minutes: instants come nearly in order, many to a minute.
const keptMinutes = 64;
const minutes = new Float64Array(keptMinutes).fill(Number.NaN);
const minuteTexts = Array.from({ length: keptMinutes }, () => "");

const digitZero = 48;
const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * As `parseInstant`, for text in canonical form, which is by far the most common: several times faster than the
 * pattern. `null` for any other text.
 */
function parseCanonical(text: string): number | null {
  if (!isCanonicalForm(text)) return null;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  const millis = digits(text, 20, 23);
  // A character that is not a digit makes one of them NaN, and every comparison false.
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const lastDay = month === 2 && isLeap ? 29 : (daysOfMonth[month - 1] ?? 0);
  const exists =
    year >= minYear &&
    year <= maxYear &&
    day >= 1 &&
    day <= lastDay &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59 &&
    millis <= 999;
  return exists ? Date.UTC(year, month - 1, day, hour, minute, second, millis) : null;
}

/** Whether the separators are where `YYYY-MM-DDTHH:MM:SS.mmmZ` has them. */
export function isCanonicalForm(text: string): boolean {
  return (
    text.length === 24 &&
    text[4] === "-" &&
    text[7] === "-" &&
    text[10] === "T" &&
    text[13] === ":" &&
    text[16] === ":" &&
    text[19] === "." &&
    text[23] === "Z"
  );
}

function digits(text: string, begin: number, end: number): number {
  let value = 0;
  for (let i = begin; i < end; i++) {
    const digit = text.charCodeAt(i) - digitZero;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** The canonical text of an instant. Throws a RangeError for what is not an instant (not an integer, out of range). */
export function formatInstant(ms: number): string {
  if (!Number.isInteger(ms)) throw new RangeError(`not an instant in whole milliseconds: ${ms}`);
  if (ms < firstPlainMs || ms > lastPlainMs) return new Date(ms).toISOString();
  const minute = Math.floor(ms / minuteMs);
  // This is a valid index even for a minute before 1970.
  const index = minute & (keptMinutes - 1);
  if (minutes[index] !== minute) {
    minutes[index] = minute;
    minuteTexts[index] = new Date(minute * minuteMs).toISOString().slice(0, -"00.000Z".length);
  }
  const rest = ms - minute * minuteMs;
  const second = Math.floor(rest / 1_000);
  return `${minuteTexts[index] ?? ""}${secondTexts[second] ?? ""}${milliTexts[rest - second * 1_000] ?? ""}`;
}
