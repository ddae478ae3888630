/**
 * The form of an RFC 5545 recurrence rule (RRULE), read from its text alone, with the combinations of parts
 * that RFC 5545 forbids: what a rule means is not asked here. `null` stands for a text that is not a rule. Reported rules may use the whole grammar; what
 * the ledger itself decides about takes fewer parts of it.
 */

/** A weekday of BYDAY, with its number in the month or year where it has one, such as `-1FR`. */
interface RuleDay {
  readonly number: number | null;
  readonly day: string;
}

export interface RecurrenceRule {
  readonly frequency: string;
  readonly interval: number | null;
  readonly count: number | null;
  /** As written: a date, or a date with a time, in UTC if it ends with `Z`. */
  readonly until: string | null;
  readonly weekStart: string | null;
  readonly byDay: readonly RuleDay[];
  /** The lists of whole numbers, by the part's name, such as `BYMONTH`. */
  readonly numbers: ReadonlyMap<string, readonly number[]>;
}

const frequencies = ["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
const days = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

/** The greatest and the least number of each list; lists that count from the end take negative ones, and none takes 0 then. */
const ranges: ReadonlyMap<string, { readonly min: number; readonly max: number }> = new Map([
  ["BYSECOND", { min: 0, max: 60 }],
  ["BYMINUTE", { min: 0, max: 59 }],
  ["BYHOUR", { min: 0, max: 23 }],
  ["BYMONTHDAY", { min: -31, max: 31 }],
  ["BYYEARDAY", { min: -366, max: 366 }],
  ["BYWEEKNO", { min: -53, max: 53 }],
  ["BYMONTH", { min: 1, max: 12 }],
  ["BYSETPOS", { min: -366, max: 366 }],
]);

type Draft = { -readonly [K in keyof RecurrenceRule]: RecurrenceRule[K] } & {
  numbers: Map<string, readonly number[]>;
};

/** The parts of a rule, such as `FREQ=WEEKLY;BYDAY=SA`; or why the text is not a rule, as the rest of a sentence. */
export function parseRecurrenceRule(text: string): RecurrenceRule | string {
  const rule: Draft = {
    frequency: "",
    interval: null,
    count: null,
    until: null,
    weekStart: null,
    byDay: [],
    numbers: new Map(),
  };
  const seen = new Set<string>();
  // Names and values are the same in either case (RFC 5545, 2).
  for (const part of text.toUpperCase().split(";")) {
    const [name = "", value, ...rest] = part.split("=");
    if (value === undefined || rest.length > 0)
      return `has the part "${part}", which is not NAME=VALUE`;
    if (seen.has(name)) return `has ${name} twice`;
    seen.add(name);
    const error = takePart(rule, name, value);
    if (error !== null) return error;
  }
  if (!seen.has("FREQ")) return "has no FREQ";
  if (seen.has("COUNT") && seen.has("UNTIL"))
    return "has COUNT and UNTIL; only one of them is allowed";
  return forbiddenTogether(rule, seen) ?? rule;
}

/** Parts that RFC 5545 (3.3.10) takes with some frequencies only. */
const frequenciesOf: ReadonlyMap<string, readonly string[]> = new Map([
  ["BYWEEKNO", ["YEARLY"]],
  ["BYYEARDAY", ["SECONDLY", "MINUTELY", "HOURLY", "YEARLY"]],
  ["BYMONTHDAY", ["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "MONTHLY", "YEARLY"]],
]);

/** What RFC 5545 forbids of the parts together, as the rest of a sentence; `null` if nothing. */
function forbiddenTogether(rule: RecurrenceRule, seen: ReadonlySet<string>): string | null {
  const { frequency } = rule;
  for (const [part, taken] of frequenciesOf) {
    if (seen.has(part) && !taken.includes(frequency))
      return `has ${part}, which is not allowed with FREQ=${frequency}`;
  }
  if (rule.byDay.some(({ number }) => number !== null)) {
    if (frequency !== "MONTHLY" && frequency !== "YEARLY")
      return `has a number in BYDAY, which is not allowed with FREQ=${frequency}`;
    if (seen.has("BYWEEKNO")) return "has a number in BYDAY, which is not allowed with BYWEEKNO";
  }
  const isLimited = [...seen].some((part) => part.startsWith("BY") && part !== "BYSETPOS");
  if (seen.has("BYSETPOS") && !isLimited)
    return "has BYSETPOS, which needs another part that begins with BY";
  return null;
}

function takePart(rule: Draft, name: string, value: string): string | null {
  const range = ranges.get(name);
  if (range !== undefined) {
    const numbers = numbersIn(value, range);
    if (numbers === null)
      return `has ${name}=${value}, which is not a list of numbers from ${range.min} to ${range.max}`;
    rule.numbers.set(name, numbers);
    return null;
  }
  switch (name) {
    case "FREQ":
      rule.frequency = value;
      return frequencies.includes(value)
        ? null
        : `has FREQ=${value}, which is not one of ${frequencies.join(", ")}`;
    case "INTERVAL":
      rule.interval = wholeFromOne(value);
      return rule.interval === null
        ? `has INTERVAL=${value}, which is not a whole number from 1`
        : null;
    case "COUNT":
      rule.count = wholeFromOne(value);
      return rule.count === null ? `has COUNT=${value}, which is not a whole number from 1` : null;
    case "UNTIL":
      rule.until = value;
      return isDateOrTime(value)
        ? null
        : `has UNTIL=${value}, which is not a date such as 20261231T235959Z`;
    case "WKST":
      rule.weekStart = value;
      return days.includes(value)
        ? null
        : `has WKST=${value}, which is not one of ${days.join(", ")}`;
    case "BYDAY": {
      const list = daysIn(value);
      if (list === null)
        return `has BYDAY=${value}, which is not a list of days such as MO or -1FR`;
      rule.byDay = list;
      return null;
    }
    default:
      return `has the part "${name}", which RFC 5545 does not define`;
  }
}

function wholeFromOne(value: string): number | null {
  return /^\d{1,9}$/.test(value) && Number(value) > 0 ? Number(value) : null;
}

function numbersIn(value: string, { min, max }: { min: number; max: number }): number[] | null {
  const numbers: number[] = [];
  for (const text of value.split(",")) {
    const number = /^[+-]?\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
    if (!(min <= number && number <= max)) return null;
    if (number === 0 && min < 0) return null;
    numbers.push(number);
  }
  return numbers;
}

function daysIn(value: string): RuleDay[] | null {
  const list: RuleDay[] = [];
  for (const text of value.split(",")) {
    const [, number, day = ""] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(text) ?? [];
    if (!days.includes(day)) return null;
    const counted = number === undefined ? null : Number(number);
    if (counted !== null && (counted === 0 || Math.abs(counted) > 53)) return null;
    list.push({ number: counted, day });
  }
  return list;
}

function isDateOrTime(value: string): boolean {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})Z?)?$/.exec(value);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  const date = new Date(Date.UTC(year, month - 1, day));
  return (
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    // A leap second is written so.
    second <= 60
  );
}
