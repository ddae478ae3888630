import type { OracleEvent } from "../oracle/facts/oracle-event.ts";
import type { OracleRequest } from "../oracle/sla-oracle.ts";
import { zones } from "./random-data.ts";
import { randomSource } from "./random-source.ts";
import type { RandomSource } from "./random-source.ts";

/** An instant at which something happens, is planned or recorded. */
function someMoment(random: RandomSource, events: readonly OracleEvent[]): number {
  const { occurredAt, recordedAt, data } = random.pick(events);
  const inData = [data.plannedFrom, data.plannedTo, data.occurrence, data.to, data.occurredAt];
  const spans = (data.occurrences ?? []).flatMap((span) => [span.from, span.to]);
  const told = [...inData, ...spans].filter((instant) => instant !== undefined);
  return Date.parse(random.pick([occurredAt, occurredAt, occurredAt, recordedAt, ...told]));
}

/** Two moments, or their neighbours, so that facts fall on the very edges of the window. */
function someFromTo(random: RandomSource, events: readonly OracleEvent[]): string {
  const edge = (): number =>
    someMoment(random, events) + random.pick([0, 0, 0, 0, 1, -1, 3_600_000]);
  const [a, b] = [edge(), edge()];
  const [from, to] = [Math.min(a, b), a === b ? b + random.pick([1, 86_400_000]) : Math.max(a, b)];
  return `${new Date(from).toISOString()}/${new Date(to).toISOString()}`;
}

/** Days without a midnight, with two, with 25 hours, or skipped as a whole. */
const oddDays = [
  { period: "2018-11-04", zone: "America/Sao_Paulo" },
  { period: "2018-11-03", zone: "America/Sao_Paulo" },
  { period: "2018-11-04", zone: "America/Havana" },
  { period: "2026-03-29", zone: "Asia/Beirut" },
  { period: "2026-10-25", zone: "Asia/Beirut" },
  { period: "2011-12-30", zone: "Pacific/Apia" },
  { period: "2011-12-29", zone: "Pacific/Apia" },
  { period: "2009-10-31", zone: "America/St_Johns" },
  { period: "2009-11-01", zone: "America/St_Johns" },
  { period: "2009-11", zone: "America/St_Johns" },
] as const;

function somePeriod(random: RandomSource, events: readonly OracleEvent[]): string {
  const text = random.pick(events).occurredAt;
  const [year, month, day] = [text.slice(0, 4), text.slice(0, 7), text.slice(0, 10)];
  const quarter = `${year}-Q${Math.ceil(Number(text.slice(5, 7)) / 3)}`;
  const kind = random.below(12);
  if (kind < 6) return someFromTo(random, events);
  if (kind < 9) return month;
  return random.pick([day, day, quarter, year]);
}

/** A report on a history: any cluster, any kind of period about its instants, with or without a zone, now or as of an earlier sequence. */
export function randomRequest(seed: number, events: readonly OracleEvent[]): OracleRequest {
  const random = randomSource(seed ^ 0x5bd1e995);
  const cluster = random.chance(0.8) ? "c1" : (random.pick(events).data.cluster ?? "c1");
  const zone = random.chance(0.5) ? { zone: random.pick(zones) } : {};
  const asOf = random.chance(0.35) ? { asOf: random.between(1, events.length) } : {};
  const year = events[0]?.occurredAt.slice(0, 4) ?? "";
  const odd = oddDays.filter(({ period }) => period.startsWith(year));
  if (odd.length > 0 && random.chance(0.05)) return { cluster, ...random.pick(odd), ...asOf };
  return { cluster, period: somePeriod(random, events), ...zone, ...asOf };
}
