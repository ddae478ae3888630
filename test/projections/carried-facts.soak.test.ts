import { describe, expect, test } from "vitest";
import type { EarlierFacts } from "../../projections/facts/entity-kind.ts";
import { applyFacts } from "../../projections/facts/entity-kind.ts";
import type { Fact, FactOf } from "../../projections/facts/fact.ts";
import { compareFacts } from "../../projections/facts/fact.ts";
import { unionSorted } from "../../projections/arithmetic/intervals.ts";
import type { NodeTimeline } from "../../projections/nodes/timeline.ts";
import { nodeKind } from "../../projections/nodes/kind.ts";
import type { EventType } from "../../src/events/catalogue.ts";
import { randomSource } from "../histories/random-source.ts";
import type { RandomSource } from "../histories/random-source.ts";
import { soakRuns } from "../random-runs.ts";

const begin = Date.UTC(2026, 2, 1);
const ids = ["e1", "e2", "e3"];

/** Few instants and few ids, so that much happens at once, overlaps and contradicts itself. */
function randomFacts(random: RandomSource): Fact[] {
  const unitMs = random.pick([1, 100_000, 200_000]);
  const spread = random.pick([3, 8, 20]);
  const facts = Array.from({ length: random.between(2, 16) }, (_, i) => {
    const occurredAt = begin + random.below(spread) * unitMs;
    const id = `${random.below(1_000_000)}-${i}`;
    const stated = randomData(random, occurredAt);
    return { ...stated, id, sequence: i + 1, occurredAt, recordedAt: occurredAt, amendedBy: [] };
  });
  return (facts as unknown as Fact[]).sort(compareFacts);
}

function randomData(random: RandomSource, at: number): { type: string; data: object } {
  const own = { cluster: "c", node: "n" };
  const maintenance = { ...own, maintenanceId: random.pick(ids) };
  const [plannedFrom, plannedTo] = [at, at + 1_000].map((ms) => new Date(ms).toISOString());
  return random.pick([
    { type: "NodeCommissioned", data: own },
    { type: "NodeDecommissioned", data: own },
    { type: "NodeObservationLost", data: own },
    { type: "NodeObservationRestored", data: own },
    { type: "NodeFailed", data: { ...own, faultId: random.pick(ids), category: "hardware" } },
    { type: "NodeRepairStarted", data: { ...own, faultId: random.pick(ids), phase: "drain" } },
    { type: "NodeReturned", data: { ...own, faultIds: [random.pick(ids), random.pick(ids)] } },
    { type: "NodeMaintenanceAnnounced", data: { ...maintenance, plannedFrom, plannedTo } },
    { type: "NodeMaintenanceStarted", data: maintenance },
    { type: "NodeMaintenanceEnded", data: maintenance },
  ]);
}

function earlierOf(facts: readonly Fact[], count: number): EarlierFacts {
  const names = (fact: Fact, type: EventType, episode: string) =>
    fact.type === type && Object.values(fact.data).includes(episode);
  return {
    after: facts[count - 1]?.occurredAt ?? -Infinity,
    names: (type, episode) => facts.slice(0, count).some((fact) => names(fact, type, episode)),
    about: <T extends EventType>(type: T, episode: string) =>
      facts.filter((fact) => names(fact, type, episode)) as unknown as FactOf<T>[],
  };
}

/** What of a timeline lies after an instant; outages too, which may have begun long before. */
function after(timeline: NodeTimeline, instant: number): object {
  const lasts = ({ to }: { readonly to: number }) => to > instant;
  return {
    memberships: timeline.memberships.filter(lasts),
    faults: timeline.faults.filter(lasts),
    outages: unionSorted(timeline.faults).filter(lasts),
    maintenance: timeline.maintenance.filter(lasts),
    unknown: timeline.unknown.filter(lasts),
    findings: timeline.findings.filter(({ at }) => at > instant),
    states: [...timeline.segments]
      .filter(({ to }) => to > instant + 1)
      .map((segment) => ({ ...segment, from: Math.max(segment.from, instant + 1) })),
  };
}

describe("a node's state resumed from its carried facts", () => {
  test("evolves like the state that saw every fact, wherever it is cut", () => {
    let cuts = 0;
    for (let seed = 1; seed <= soakRuns(5_000, 1_000); seed++) {
      const facts = randomFacts(randomSource(seed));
      const state = nodeKind.initial("n");
      applyFacts(nodeKind, state, facts);
      const whole = nodeKind.timeline(state);
      for (let count = 1; count < facts.length; count++) {
        const last = facts[count - 1]?.occurredAt ?? 0;
        if (facts[count]?.occurredAt === last) continue;
        const before = nodeKind.initial("n");
        applyFacts(nodeKind, before, facts.slice(0, count));
        const carried = nodeKind.carry?.facts(before) ?? [];
        const resumed = nodeKind.carry?.resume("n", carried, earlierOf(facts, count));
        if (resumed === undefined) throw new Error("nodes carry no facts");
        applyFacts(nodeKind, resumed, facts.slice(count));
        const timeline = nodeKind.timeline(resumed);
        expect(after(timeline, last), `seed ${seed}, cut ${count}`).toEqual(after(whole, last));
        cuts++;
      }
    }
    expect(cuts).toBeGreaterThan(soakRuns(5_000, 1_000));
  });
});
