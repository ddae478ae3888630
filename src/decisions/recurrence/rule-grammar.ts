/**
 * The grammar of rules that the ledger decides about: a small part of RFC 5545 in which every rule can be expanded with
 * bounded work. A rule is checked against it before any library sees it. Reported rules may use all of RFC 5545, as
 * `src/events/fields/recurrence-rule.ts` parses it.
 */
import { parseInstant } from "../../../projections/time/instant.ts";
import { parseRecurrenceRule } from "../../events/fields/recurrence-rule.ts";
import type { RecurrenceRule } from "../../events/fields/recurrence-rule.ts";
import { shownValue } from "../../events/fields/shown-value.ts";
import { maxRuleCount, maxRuleInterval } from "../../limits/nfz.ts";

/** A rule within this grammar. */
export interface DecidableRule {
  readonly frequency: string;
  readonly interval: number;
  /** FREQ, INTERVAL, WKST and the BY parts, for the library; without the parts below. */
  readonly pattern: string;
  /** BYMONTH of a rule with FREQ=DAILY or WEEKLY; `null` for all months. Applied here, because the library would try every day in between. */
  readonly months: ReadonlySet<number> | null;
  readonly count: number | null;
  /** The last instant at which an occurrence may begin; `null` if there is none. */
  readonly untilMs: number | null;
}

const frequencies = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
const parts = [
  "FREQ",
  "INTERVAL",
  "COUNT",
  "UNTIL",
  "BYMONTH",
  "BYMONTHDAY",
  "BYDAY",
  "BYSETPOS",
  "WKST",
];

/** What to use instead of parts that are not supported. */
const insteadOf: ReadonlyMap<string, string> = new Map([
  ["RDATE", "declare a one-off beside it"],
  ["EXDATE", "name the local starts to leave out in except"],
  ["BYHOUR", "the time of day is that of start: declare an NFZ for each"],
  ["BYMINUTE", "the time of day is that of start: declare an NFZ for each"],
  ["BYSECOND", "the time of day is that of start: declare an NFZ for each"],
]);

/** The parsed rule; otherwise what is wrong with the text and what to write instead, as the end of a sentence. */
export function parseDecidableRule(text: string): DecidableRule | string {
  const upper = text.toUpperCase();
  if (upper !== text) return `must be upper case: write ${shownValue(upper)}`;
  for (const part of text.split(";")) {
    const [name = "", value] = part.split("=");
    if (value === undefined || parts.includes(name)) continue;
    const instead = insteadOf.get(name);
    const hint = instead === undefined ? "" : `; ${instead}`;
    return `has the part ${shownValue(name)}, which is not one of ${parts.join(", ")}${hint}`;
  }
  if (/(?:^|;)BYMONTH=[^;]*\+/.test(text)) return "has a sign in BYMONTH; use 1 to 12";
  const rule = parseRecurrenceRule(text);
  if (typeof rule === "string") return rule;
  const error = outsideTheGrammar(rule);
  if (error !== null) return error;
  const months = ofDaysOrWeeks(rule) ? rule.numbers.get("BYMONTH") : undefined;
  return {
    frequency: rule.frequency,
    interval: rule.interval ?? 1,
    pattern: patternOf(rule),
    months: months === undefined ? null : new Set(months),
    count: rule.count,
    untilMs: rule.until === null ? null : untilMsOf(rule.until),
  };
}

function outsideTheGrammar(rule: RecurrenceRule): string | null {
  const { frequency, interval, count, until } = rule;
  if (!frequencies.includes(frequency))
    return `has FREQ=${frequency}; use ${frequencies.join(", ")}`;
  if (interval !== null && interval > maxRuleInterval)
    return `has INTERVAL=${interval}; use a whole number from 1 to ${maxRuleInterval}`;
  if (count !== null && count > maxRuleCount)
    return `has COUNT=${count}; use a whole number from 1 to ${maxRuleCount}, or UNTIL`;
  if (until !== null && untilMsOf(until) === null)
    return `has UNTIL=${until}; write an instant in UTC, such as 20261231T235959Z`;
  return daysOutsideTheGrammar(rule);
}

function daysOutsideTheGrammar({ frequency, byDay, numbers }: RecurrenceRule): string | null {
  const ofMonths = frequency === "MONTHLY" || frequency === "YEARLY";
  const numbered = byDay.find(({ number }) => number !== null);
  const monthDays = numbers.get("BYMONTHDAY");
  const positions = numbers.get("BYSETPOS");
  if (monthDays !== undefined && !ofMonths)
    return `has BYMONTHDAY with FREQ=${frequency}; use it with MONTHLY or YEARLY`;
  if (monthDays !== undefined && byDay.length > 0)
    return "has BYMONTHDAY and BYDAY; use one of them";
  if (byDay.some(({ number }) => Math.abs(number ?? 1) > 5))
    return "has a number beyond 5 in BYDAY; use 1 to 5, or -1 to -5 from the end of the month";
  if (numbered !== undefined && !ofMonths)
    return `has a number in BYDAY with FREQ=${frequency}; use it with MONTHLY or YEARLY`;
  if (frequency === "YEARLY" && (byDay.length > 0 || monthDays !== undefined)) {
    const part = byDay.length > 0 ? "BYDAY" : "BYMONTHDAY";
    if (!numbers.has("BYMONTH")) return `has ${part} with FREQ=YEARLY; name the months in BYMONTH`;
  }
  if (positions === undefined) return null;
  if (positions.length > 1 || positions.some((position) => Math.abs(position) > 5))
    return "has BYSETPOS; give it one number, 1 to 5 or -1 to -5";
  if (frequency !== "MONTHLY" || byDay.length === 0 || numbered !== undefined)
    return "has BYSETPOS; use it with FREQ=MONTHLY and BYDAY without numbers";
  return null;
}

const until = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** `null` if the text is not an instant in UTC. */
function untilMsOf(text: string): number | null {
  return parseInstant(text.replace(until, "$1-$2-$3T$4:$5:$6Z"));
}

function ofDaysOrWeeks({ frequency }: RecurrenceRule): boolean {
  return frequency === "DAILY" || frequency === "WEEKLY";
}

function patternOf(rule: RecurrenceRule): string {
  const pattern = [`FREQ=${rule.frequency}`];
  if (rule.interval !== null) pattern.push(`INTERVAL=${rule.interval}`);
  for (const [name, list] of rule.numbers) {
    if (name === "BYMONTH" && ofDaysOrWeeks(rule)) continue;
    pattern.push(`${name}=${[...new Set(list)].join(",")}`);
  }
  if (rule.byDay.length > 0) {
    const days = rule.byDay.map(({ number, day }) => `${number ?? ""}${day}`);
    pattern.push(`BYDAY=${[...new Set(days)].join(",")}`);
  }
  if (rule.weekStart !== null) pattern.push(`WKST=${rule.weekStart}`);
  return pattern.join(";");
}
