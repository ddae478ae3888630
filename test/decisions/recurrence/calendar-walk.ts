/**
 * The local starts of a rule by walking the calendar day by day and asking each day whether the rule has it:
 * slow, and it shares no code with the expansion.
 */

export interface RuleParts {
  readonly freq: "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY";
  readonly interval: number;
  readonly count?: number | undefined;
  readonly byMonth?: readonly number[] | undefined;
  readonly byMonthDay?: readonly number[] | undefined;
  readonly byDay?: readonly { readonly number: number | null; readonly day: string }[] | undefined;
  readonly bySetPos?: number | undefined;
  readonly weekStart?: string | undefined;
}

const dayMs = 86_400_000;
const weekDays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

export function ruleText(rule: RuleParts): string {
  const parts = [`FREQ=${rule.freq}`, `INTERVAL=${rule.interval}`];
  if (rule.count !== undefined) parts.push(`COUNT=${rule.count}`);
  if (rule.byMonth !== undefined) parts.push(`BYMONTH=${rule.byMonth.join(",")}`);
  if (rule.byMonthDay !== undefined) parts.push(`BYMONTHDAY=${rule.byMonthDay.join(",")}`);
  if (rule.byDay !== undefined)
    parts.push(`BYDAY=${rule.byDay.map(({ number, day }) => `${number ?? ""}${day}`).join(",")}`);
  if (rule.bySetPos !== undefined) parts.push(`BYSETPOS=${rule.bySetPos}`);
  if (rule.weekStart !== undefined) parts.push(`WKST=${rule.weekStart}`);
  return parts.join(";");
}

/** The local starts from the start to the end, both included; local times are counted as if they were UTC. */
export function localStartsByWalking(rule: RuleParts, startMs: number, endMs: number): number[] {
  const starts: number[] = [];
  const time = startMs % dayMs;
  for (let ms = startMs; ms <= endMs && starts.length < (rule.count ?? Infinity); ms += dayMs) {
    if (hasDay(rule, startMs - time, ms - time)) starts.push(ms);
  }
  return starts;
}

function hasDay(rule: RuleParts, first: number, day: number): boolean {
  if (!isCandidate(rule, first, day)) return false;
  if (rule.bySetPos === undefined) return true;
  const { year, month } = partsOf(day);
  const ofMonth = Array.from({ length: lengthOfMonth(year, month) }, (_, i) =>
    Date.UTC(year, month - 1, i + 1),
  ).filter((each) => isCandidate(rule, first, each));
  return ofMonth.at(rule.bySetPos > 0 ? rule.bySetPos - 1 : rule.bySetPos) === day;
}

function isCandidate(rule: RuleParts, first: number, day: number): boolean {
  const here = partsOf(day);
  const start = partsOf(first);
  if (periodsBetween(rule, first, day) % rule.interval !== 0) return false;
  if (rule.byMonth !== undefined && !rule.byMonth.includes(here.month)) return false;
  const last = lengthOfMonth(here.year, here.month);
  if (rule.byMonthDay !== undefined) {
    return rule.byMonthDay.some((each) => (each > 0 ? each : last + 1 + each) === here.day);
  }
  if (rule.byDay !== undefined) {
    const fromFront = Math.ceil(here.day / 7);
    const fromBack = -Math.ceil((last - here.day + 1) / 7);
    return rule.byDay.some(
      ({ number, day: name }) =>
        name === weekDays[here.weekDay] &&
        (number === null || number === fromFront || number === fromBack),
    );
  }
  // Without a part that names days, the start says which they are.
  if (rule.freq === "WEEKLY") return here.weekDay === start.weekDay;
  if (rule.freq === "MONTHLY") return here.day === start.day;
  if (rule.freq === "YEARLY")
    return here.day === start.day && (rule.byMonth !== undefined || here.month === start.month);
  return true;
}

/** Whole days, weeks, months or years from the period of the start to the period of the day. */
function periodsBetween({ freq, weekStart }: RuleParts, first: number, day: number): number {
  const [a, b] = [partsOf(first), partsOf(day)];
  if (freq === "DAILY") return (day - first) / dayMs;
  if (freq === "MONTHLY") return (b.year - a.year) * 12 + b.month - a.month;
  if (freq === "YEARLY") return b.year - a.year;
  const firstDay = weekDays.indexOf(weekStart ?? "MO");
  const weekOf = (ms: number) => ms - ((partsOf(ms).weekDay - firstDay + 7) % 7) * dayMs;
  return (weekOf(day) - weekOf(first)) / (7 * dayMs);
}

function partsOf(ms: number) {
  const date = new Date(ms);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekDay: date.getUTCDay(),
  };
}

function lengthOfMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
