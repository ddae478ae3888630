/**
 * Facts that were stated wrong and put right, that were put "right" by mistake, or that never happened.
 * None of it changes the ground truth; the books only need to know what amended an announcement.
 */
import { kindNames } from "../../../projections/kinds.ts";
import type { Amendment } from "../setting/history.ts";
import type { Random } from "../setting/prng.ts";
import type { StatedFact } from "../setting/reporter.ts";
import type { Scenario } from "../setting/scenario.ts";
import { dayMs, hourMs } from "../setting/setting.ts";

interface Corrected {
  readonly facts: readonly StatedFact[];
  readonly amended: ReadonlyMap<string, Amendment>;
}

interface Desk {
  readonly random: Random;
  readonly endMs: number;
  readonly clusters: readonly string[];
  /** Clusters of which the ledger decides by what it has been told. */
  readonly deciding: ReadonlySet<string>;
  /** Corrections and inventions, after what they are about. */
  readonly added: StatedFact[];
}

const actor = "customer:service-desk";

export function correct(
  facts: readonly StatedFact[],
  scenario: Scenario,
  random: Random,
  endMs: number,
): Corrected {
  const { wrongShare, mistakenShare, inventedShare } = scenario.corrections;
  const clusters = scenario.clusters.map(({ cluster }) => cluster);
  const asking = scenario.clusters.filter(({ asksLedger }) => asksLedger);
  const deciding = new Set(asking.map(({ cluster }) => cluster));
  const desk: Desk = { random, endMs, clusters, deciding, added: [] };
  const amended = new Map<string, Amendment>();
  const stated = facts.map((fact) => {
    const draw = random.float();
    if (isSeenByDecisions(fact) && deciding.has(clusterOf(fact))) return fact;
    if (draw >= wrongShare + mistakenShare + inventedShare) return fact;
    if (draw >= wrongShare + mistakenShare) {
      invent(desk, fact);
      return fact;
    }
    const before = desk.added.length;
    const asStated = draw < wrongShare ? stateWrong(desk, fact) : takeBack(desk, fact);
    const said = desk.added.slice(before);
    const recordedAt = said.at(-1)?.recordedAt ?? fact.recordedAt;
    amended.set(fact.id, { ids: said.map(({ id }) => id), recordedAt });
    return asStated;
  });
  return { facts: [...stated, ...desk.added], amended };
}

/** What the ledger looks at when it decides: it is told of it as it is, if late. */
function isSeenByDecisions({ type }: StatedFact): boolean {
  return /^(Rollout|Nfz|NodeCommissioned|NodeDecommissioned)/.test(type);
}

function clusterOf({ data }: StatedFact): string {
  return "cluster" in data ? String(data.cluster) : "";
}

/** The fact as it was first stated; what puts it right is added. */
function stateWrong(desk: Desk, fact: StatedFact): StatedFact {
  const { random } = desk;
  const wrong = garble(desk, fact);
  const right = {
    occurredAt: new Date(fact.occurredAt).toISOString(),
    data: { ...fact.data },
  };
  if (random.chance(0.25)) {
    // The first correction is wrong as well: a second one wins, or it is corrected itself.
    const worse = garble(desk, fact);
    const first = about(desk, "FactCorrected", fact, { eventId: fact.id, data: worse.data });
    if (random.chance(0.5)) {
      about(desk, "FactCorrected", first, { eventId: fact.id, ...right });
    } else {
      about(desk, "FactCorrected", first, {
        eventId: first.id,
        data: { eventId: fact.id, ...right },
      });
    }
    return wrong;
  }
  const isTime = wrong.data === fact.data;
  const said = isTime ? { occurredAt: right.occurredAt } : right;
  about(desk, "FactCorrected", fact, { eventId: fact.id, ...said });
  return wrong;
}

/** The fact stands as stated; a correction or retraction by mistake is taken back. */
function takeBack(desk: Desk, fact: StatedFact): StatedFact {
  const wrong = garble(desk, fact);
  const mistake = desk.random.chance(0.5)
    ? about(desk, "FactRetracted", fact, { eventId: fact.id })
    : about(desk, "FactCorrected", fact, { eventId: fact.id, data: wrong.data });
  about(desk, "FactRetracted", mistake, { eventId: mistake.id });
  return fact;
}

/** A fact like the given one that never happened, and its retraction. */
function invent(desk: Desk, fact: StatedFact): void {
  const { random, endMs } = desk;
  const occurredAt = Math.min(endMs - 1, fact.occurredAt + random.between(0, 20) * hourMs);
  const delayMs = fact.recordedAt - fact.occurredAt;
  const recordedAt = Math.min(endMs, occurredAt + delayMs);
  const invented: StatedFact = { ...fact, id: random.uuid(), occurredAt, recordedAt };
  desk.added.push(invented);
  about(desk, "FactRetracted", invented, { eventId: invented.id });
}

function about(
  desk: Desk,
  type: "FactCorrected" | "FactRetracted",
  target: StatedFact,
  data: object,
): StatedFact {
  const { random, endMs } = desk;
  const laterMs = Math.round(random.exponential(dayMs)) + 1;
  const recordedAt = Math.min(endMs, target.recordedAt + laterMs);
  const reason = type === "FactCorrected" ? "The record says otherwise." : "It did not happen so.";
  const occurredAt = Math.min(recordedAt, endMs - 1);
  const source = "service-desk";
  const fact = {
    id: random.uuid(),
    type,
    occurredAt,
    recordedAt,
    data,
    source,
    actor,
    reason,
  };
  desk.added.push(fact);
  return fact;
}

/** The same fact with a wrong time (never one that the ledger could not have heard of) or wrong data. */
function garble(desk: Desk, fact: StatedFact): StatedFact {
  const { random } = desk;
  if (random.chance(0.4)) {
    return { ...fact, occurredAt: fact.occurredAt - random.between(1, 360) * 60_000 };
  }
  const data = garbleData(desk, { ...fact.data });
  const isMoved = clusterOf({ ...fact, data }) !== clusterOf(fact);
  const mustNotMove =
    isMoved && isSeenByDecisions(fact) && desk.deciding.has(clusterOf({ ...fact, data }));
  return mustNotMove ? { ...fact, occurredAt: fact.occurredAt - 60_000 } : { ...fact, data };
}

function garbleData(desk: Desk, data: Record<string, unknown>): Record<string, unknown> {
  const { random, clusters } = desk;
  if ("coTest" in data && random.chance(0.7))
    return { ...data, updates: [{ component: "driver", version: "mistyped" }] };
  if ("category" in data && random.chance(0.5)) return { ...data, category: "unknown" };
  if ("faultIds" in data && random.chance(0.3)) return { ...data, faultIds: ["mistyped"] };
  if ("cause" in data && random.chance(0.6)) return { ...data, cause: { kind: "unknown" } };
  if ("nfzIds" in data && random.chance(0.5)) return { ...data, nfzIds: ["mistyped"] };
  if ("nisTarget" in data) return { ...data, nisTarget: 0.5, excludeUnknown: false };
  if (clusters.length > 1 && random.chance(0.1)) {
    return { ...data, cluster: random.pick(clusters) };
  }
  const name = kindNames.find((kind) => kind in data);
  return name === undefined ? data : { ...data, [name]: `${String(data[name])}-mistyped` };
}
