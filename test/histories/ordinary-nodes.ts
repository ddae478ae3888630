/**
 * Nodes as they mostly are: members that fail and are repaired, are maintained and lost from sight, each fact at an instant
 * of its own, some recorded late; and now and then something odd.
 */
import type { OracleEvent } from "../oracle/facts/oracle-event.ts";
import { randomSource } from "./random-source.ts";
import type { RandomSource } from "./random-source.ts";

const begin = Date.UTC(2026, 2, 1);
const hourMs = 3_600_000;
const minuteMs = 60_000;

interface Stated {
  readonly type: string;
  readonly at: number;
  readonly data: object;
}

/** `oddness` is how likely each fact is to be left out, said twice, or to name another id. */
export function ordinaryNodes(seed: number, oddness: number): OracleEvent[] {
  const random = randomSource(seed);
  const stated: Stated[] = [];
  for (const cluster of ["c1", "c2"])
    for (let i = 1; i <= 3; i++) stated.push(...lifeOf(random, cluster, `n${i}`, oddness));
  // Recorded in the order of time, but for some.
  const recorded = stated.map((each) => {
    const delay = random.chance(0.1) ? random.below(40 * hourMs) : random.below(60_000);
    return { ...each, recordedAt: each.at + delay };
  });
  recorded.sort((a, b) => a.recordedAt - b.recordedAt);
  return recorded.map(({ type, at, recordedAt, data }) => ({
    id: random.uuid(),
    type,
    occurredAt: new Date(at).toISOString(),
    recordedAt: new Date(recordedAt).toISOString(),
    data,
  }));
}

function lifeOf(random: RandomSource, cluster: string, node: string, oddness: number): Stated[] {
  const on = { cluster, node };
  const life: Stated[] = [{ type: "NodeCommissioned", at: begin + random.below(hourMs), data: on }];
  const last = begin + 200 * hourMs;
  const ids = ["f-odd", "m-odd"];
  for (let at = begin + hourMs; at < last; at += 1 + random.below(12 * hourMs)) {
    const length = 1 + random.below(30 * hourMs);
    const id = random.chance(oddness) ? random.pick(ids) : random.uuid();
    ids.push(id);
    const { begins, ends } = random.pick([
      {
        begins: ["NodeFailed", { ...on, faultId: id, category: "hardware" }],
        ends: ["NodeReturned", { ...on, faultIds: [id] }],
      },
      {
        begins: ["NodeMaintenanceStarted", { ...on, maintenanceId: id }],
        ends: ["NodeMaintenanceEnded", { ...on, maintenanceId: id }],
      },
      {
        begins: ["NodeObservationLost", { ...on, observer: "scraper" }],
        ends: ["NodeObservationRestored", on],
      },
    ] as const);
    for (const [[type, data], when] of [
      [begins, at],
      [ends, at + length],
    ] as const) {
      if (random.chance(oddness)) continue;
      life.push({ type, at: when, data });
      if (random.chance(oddness)) life.push({ type, at: when + random.below(3) * hourMs, data });
    }
    if (random.chance(oddness)) {
      life.push({ type: "NodeDecommissioned", at: at + 1, data: on });
      life.push({ type: "NodeCommissioned", at: at + 2 + random.below(hourMs), data: on });
    }
    if (random.chance(oddness)) {
      const faultIds = random.pick([ids.slice(-2), []]);
      life.push({ type: "NodeReturned", at: at + 3, data: { ...on, faultIds } });
    }
    // The clock that saw it come back was behind.
    if (random.chance(oddness)) {
      const data = { ...on, faultId: random.uuid(), category: "hardware" };
      life.push({ type: "NodeFailed", at: at + 2 * minuteMs, data });
      const back = { ...on, faultIds: [data.faultId] };
      life.push({ type: "NodeReturned", at: at + random.pick([1, 3]) * minuteMs, data: back });
    }
  }
  return life;
}
