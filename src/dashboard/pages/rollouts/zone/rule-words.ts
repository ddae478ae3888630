/** The rule of a recurring zone as one would say it. */
import { durationText, monthNames } from "../../../frame/times.ts";

interface Recurrence {
  readonly rrule: string;
  readonly start: string;
  readonly zone: string;
  readonly durationMs: number;
  readonly except?: readonly string[] | undefined;
}

const everyWords: Readonly<Record<string, readonly [string, string]>> = {
  DAILY: ["every day", "days"],
  WEEKLY: ["every week", "weeks"],
  MONTHLY: ["every month", "months"],
  YEARLY: ["every year", "years"],
};

const dayWords: Readonly<Record<string, string>> = {
  MO: "Monday",
  TU: "Tuesday",
  WE: "Wednesday",
  TH: "Thursday",
  FR: "Friday",
  SA: "Saturday",
  SU: "Sunday",
};

/** `every week on Saturday at 22:00 (Europe/Berlin), for 6 h each`. */
export function ruleWords({ rrule, start, zone, durationMs, except = [] }: Recurrence): string {
  const parts = new Map(
    rrule.split(";").map((part) => {
      const [name = "", value = ""] = part.split("=");
      return [name, value] as const;
    }),
  );
  const of = (name: string) => parts.get(name);
  const [every, many] = everyWords[of("FREQ") ?? ""] ?? [of("FREQ") ?? "", ""];
  const interval = of("INTERVAL");
  const words = [
    interval === undefined || interval === "1" ? every : `every ${interval} ${many}`,
    inMonths(of("BYMONTH")),
    onDays(of("BYDAY"), of("BYSETPOS")),
    onMonthDays(of("BYMONTHDAY")),
    `at ${start.slice(11, 16)} (${zone})`,
  ];
  const ends = [
    of("COUNT") === undefined ? null : `${of("COUNT")} times`,
    untilWords(of("UNTIL")),
    `from ${start.slice(0, 10)} on`,
    except.length === 0 ? null : `but for ${except.map((each) => each.slice(0, 10)).join(", ")}`,
  ];
  const text = words.filter((each) => each !== null).join(" ");
  const rest = ends.filter((each) => each !== null).join(", ");
  return `${text}, for ${durationText(durationMs)} each, ${rest}`;
}

function inMonths(list: string | undefined): string | null {
  if (list === undefined) return null;
  return `in ${joined(list.split(",").map((month) => monthNames[Number(month) - 1] ?? month))}`;
}

function onDays(list: string | undefined, position: string | undefined): string | null {
  if (list === undefined) return null;
  const days = list.split(",").map((day) => {
    const [, number = "", name = ""] = /^([+-]?\d*)(\w\w)$/.exec(day) ?? [];
    const word = dayWords[name] ?? day;
    return number === "" ? word : `the ${ordinal(Number(number))} ${word}`;
  });
  return position === undefined
    ? `on ${joined(days)}`
    : `on the ${ordinal(Number(position))} of ${joined(days)}`;
}

function onMonthDays(list: string | undefined): string | null {
  if (list === undefined) return null;
  const days = list.split(",").map(Number);
  return `on ${joined(days.map((day) => (day < 0 ? `the ${ordinal(day)} day` : `day ${day}`)))}`;
}

function ordinal(number: number): string {
  if (number === -1) return "last";
  const size = Math.abs(number);
  const ending = { 1: "st", 2: "nd", 3: "rd" }[size % 10] ?? "th";
  const word = `${size}${size % 100 > 10 && size % 100 < 14 ? "th" : ending}`;
  return number < 0 ? `${word} from the end` : word;
}

/** `20260401T120000Z` is `until 2026-04-01 12:00 UTC`. */
function untilWords(until: string | undefined): string | null {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)/.exec(until ?? "");
  if (match === null) return null;
  const [, year, month, day, hour, minute] = match;
  return `until ${year}-${month}-${day} ${hour}:${minute} UTC`;
}

function joined(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
