/** No-fly zones that nobody declared: what a ledger would have recorded of these declarations, decided at their instants. */
import { compareFacts, type Fact } from "../../../projections/facts/fact.ts";
import { foldEntity } from "../../../projections/facts/entity-kind.ts";
import { nfzKind } from "../../../projections/nfz/kind.ts";
import type { NfzTimeline } from "../../../projections/nfz/timeline.ts";
import type { ZoneTable } from "../../../projections/time/zone-table.ts";
import { LedgerError, isLedgerError } from "../../errors.ts";
import { shortestHorizonMs } from "../../limits/nfz.ts";
import { resolveHorizon } from "../recurrence/resolve-further.ts";
import type { Steps } from "../../turns.ts";
import { type DeclareBody, assertDeclarable, decideDeclare } from "./declare.ts";

/** A declaration with the instant at which it is decided, in milliseconds. */
export interface Hypothesis extends DeclareBody {
  readonly declaredAt: number;
}

/**
 * The zones of a cluster, by name, with the occurrences of rules recorded up to the horizon after `until`. Throws what a
 * declaration would be refused with, at its place in the list, and `invalid-request` if two have one id.
 */
export function* hypotheticalNfzs(
  hypotheses: readonly Hypothesis[],
  cluster: string,
  until: number,
  zones: ZoneTable,
): Steps<NfzTimeline[]> {
  const made = new Map<string, NfzTimeline>();
  for (const [i, each] of hypotheses.entries()) {
    if (each.clusters !== "all" && !each.clusters.includes(cluster)) continue;
    const errors = [{ path: `/nfzs/${i}/nfz`, message: "is declared twice" }];
    if (made.has(each.nfz))
      throw new LedgerError("invalid-request", `${each.nfz} is declared twice`, { errors });
    made.set(
      each.nfz,
      timelineAt(i, () => timelineOf(each, cluster, until, zones)),
    );
    yield;
  }
  return [...made.values()].sort((a, b) => (a.nfz < b.nfz ? -1 : 1));
}

/** A refusal of one declaration points into the list of all. */
function timelineAt(index: number, make: () => NfzTimeline): NfzTimeline {
  try {
    return make();
  } catch (error) {
    if (!isLedgerError(error)) throw error;
    const place = `/nfzs/${index}`;
    const errors = error.errors.map(({ path, message }) => ({ path: `${place}${path}`, message }));
    const detail = error.message.replaceAll(/(^|[ (])(?=\/[a-z])/g, `$1${place}`);
    throw new LedgerError(error.code, detail, { errors, extra: error.extra, cause: error });
  }
}

function timelineOf(
  hypothesis: Hypothesis,
  cluster: string,
  until: number,
  zones: ZoneTable,
): NfzTimeline {
  const { nfz, declaredAt: at, recurrence } = hypothesis;
  assertDeclarable(hypothesis, zones);
  const seen = new Map();
  const declaring = { body: hypothesis, clusters: [cluster], seen, isAnywhere: false, zones, at };
  const { outcome } = decideDeclare(declaring);
  if (outcome.kind === "refused") {
    const { code, detail, extra } = outcome.refusal;
    throw new LedgerError(code, `${nfz}: ${detail}`, { extra: { ...extra, nfz } });
  }
  if (outcome.kind !== "append") throw new LedgerError("internal", `${nfz} came to nothing`);
  const facts = outcome.drafts.map(({ type, data }, i) => factOf(type, data, at, `${nfz} ${i}`));
  for (;;) {
    const timeline = foldEntity(nfzKind, nfz, facts.toSorted(compareFacts));
    const { resolvedUntil, occurrences } = timeline;
    if (recurrence === undefined || resolvedUntil === null) return timeline;
    // As the timer would: when less than the shortest horizon is left.
    const next = resolvedUntil - shortestHorizonMs + 1;
    if (next > until) return timeline;
    const named = occurrences.map(({ from, to, isNamed }) => ({ from, to, named: isNamed }));
    const recorded = { recurrence, occurrences: named, resolvedUntil, recordedWith: [zones] };
    const further = resolveHorizon(recorded, next, zones);
    if (further === null) return timeline;
    facts.push(factOf("NfzResolved", { nfz, cluster, ...further }, next, `${nfz} ${facts.length}`));
  }
}

/** A fact that no ledger has: its sequence is 0. */
function factOf(type: Fact["type"], data: object, at: number, id: string): Fact {
  const fact = {
    type,
    id,
    sequence: 0,
    since: 0,
    occurredAt: at,
    recordedAt: at,
    amendedBy: [],
    data,
  };
  return fact as unknown as Fact;
}
