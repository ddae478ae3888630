/** Where a node's facts can be cut: nothing is open there, and no fault or maintenance id stands on both sides. */
import type { Fact } from "../../projections/fact.ts";
import type { EntityFacts } from "./entity-facts.ts";
import { NodeOpenness } from "./node-openness.ts";

/** The places of an entity with the fact that each has at the head. */
type AtHead = readonly (Fact | null)[];

/** Where chunks end: the last ends with the facts. */
export function chunkEnds(facts: EntityFacts, atHead: AtHead, minFacts: number): number[] {
  const shared = sharedPlaces(facts, atHead);
  const openness = new NodeOpenness();
  const ends: number[] = [];
  let begin = 0;
  for (const [i, fact] of atHead.entries()) {
    const isLongEnough = i - begin >= minFacts;
    if (isLongEnough && shared[i] === 0 && facts.timeAt(i - 1) < facts.timeAt(i)) {
      if (openness.isClosed()) {
        ends.push(i);
        begin = i;
      }
    }
    if (fact !== null) openness.add(fact);
  }
  if (facts.length > 0) ends.push(facts.length);
  return ends;
}

type Span = [first: number, last: number];

/** For each place, how many fault and maintenance ids stand both before it and from it on, in whatever version. */
function sharedPlaces(facts: EntityFacts, atHead: AtHead): Int32Array {
  const faults = new Map<string, Span>();
  const maintenance = new Map<string, Span>();
  for (const [place, fact] of atHead.entries()) {
    for (const version of facts.versionsAt(place) ?? [fact]) {
      if (version !== null) noteIds(version.data, place, faults, maintenance);
    }
  }
  const shared = new Int32Array(facts.length + 1);
  for (const spans of [faults, maintenance]) {
    for (const [first, last] of spans.values()) {
      shared[first + 1] = (shared[first + 1] ?? 0) + 1;
      shared[last + 1] = (shared[last + 1] ?? 0) - 1;
    }
  }
  for (let i = 1; i < shared.length; i++) shared[i] = (shared[i] ?? 0) + (shared[i - 1] ?? 0);
  return shared;
}

function noteIds(
  data: Fact["data"],
  place: number,
  faults: Map<string, Span>,
  maintenance: Map<string, Span>,
): void {
  if ("faultId" in data) note(faults, data.faultId, place);
  if ("faultIds" in data) for (const id of data.faultIds) note(faults, id, place);
  if ("maintenanceId" in data) note(maintenance, data.maintenanceId, place);
}

function note(spans: Map<string, Span>, id: string, place: number): void {
  const span = spans.get(id);
  if (span === undefined) spans.set(id, [place, place]);
  else span[1] = place;
}
