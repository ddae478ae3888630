/** Commands on no-fly zones: each is decided in all of its clusters and executed in one append. */
import type { NfzStatus } from "../../../projections/nfz/timeline.ts";
import type { DecisionView } from "../../../projections/view.ts";
import { kindNames } from "../../../projections/kinds.ts";
import { LedgerError } from "../../errors.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { type Asked, type Caller, maySee } from "../command/asked.ts";
import { type Executed, execute, idAt, placeOf } from "../command/execute.ts";
import type { OwnFacts } from "../command/facts-of-stream.ts";
import { readOwnFacts } from "../command/own-facts.ts";
import type { Deciding } from "../command/deciding.ts";
import { type NfzAnswer, nfzAnswer } from "./answer.ts";
import { type NfzChange, decideChange } from "./change.ts";
import { type NfzDecision, joined } from "./cluster-outcomes.ts";
import {
  type DeclareBody,
  type DeclareDecision,
  assertDeclarable,
  decideDeclare,
} from "./declare.ts";
import { resolveBeforeDeciding } from "./resolve.ts";
import { nfzInstant, timelineIn, zonesAt } from "./seen.ts";

/** What a decision is made from. */
interface Seen {
  readonly own: OwnFacts;
  readonly P: number;
  readonly at: number;
}

export async function declareNfz(
  deciding: Deciding,
  asked: Asked,
  body: DeclareBody,
): Promise<NfzAnswer> {
  const { ledger } = deciding;
  assertDeclarable(body, zonesAt(ledger, ledger.sequence()));
  return await carriedOut(deciding, asked, body.nfz, (seen) =>
    declarationOf(ledger, asked.caller, body, seen),
  );
}

/** The result that a declaration would have now; nothing is appended. */
export async function triedDeclaration(
  deciding: Deciding,
  caller: Caller,
  body: DeclareBody,
  P: number,
): Promise<{ readonly at: number; readonly decision: DeclareDecision }> {
  const { ledger } = deciding;
  assertDeclarable(body, zonesAt(ledger, P));
  const own = await readOwnFacts(ledger, "nfz", body.nfz, P);
  const at = nfzInstant(deciding, P, own.latestAt);
  return { at, decision: declarationOf(ledger, caller, body, { own, P, at }) };
}

/** `clusters` as in the body; undefined for all clusters of the NFZ. */
export async function changeNfz(
  deciding: Deciding,
  asked: Asked,
  { nfz, clusters }: { readonly nfz: string; readonly clusters?: readonly string[] | undefined },
  change: NfzChange,
): Promise<NfzAnswer> {
  const { ledger } = deciding;
  return await carriedOut(deciding, asked, nfz, ({ own, P, at }) => {
    const named = clusters === undefined ? null : namedClusters(ledger, asked.caller, clusters, P);
    const declared = declaredIn(own, nfz, asked.caller);
    if (named === null ? declared.size === 0 : !named.some((each) => declared.has(each)))
      throw noSuchNfz(nfz);
    return joined(
      (named ?? [...declared.keys()]).map((cluster) =>
        decideChange(cluster, timelineIn(own, nfz, cluster), change, at),
      ),
    );
  });
}

function declarationOf(
  ledger: Ledger,
  caller: Caller,
  body: DeclareBody,
  { own, P, at }: Seen,
): DeclareDecision {
  const clusters =
    body.clusters === "all"
      ? everyCluster(ledger, caller, P, at)
      : namedClusters(ledger, caller, body.clusters, P);
  return decideDeclare({
    body,
    clusters,
    seen: declaredIn(own, body.nfz, caller),
    isAnywhere: [...own.byCluster.keys()].some((each) => isDeclared(own, body.nfz, each)),
    zones: zonesAt(ledger, P),
    at,
  });
}

/** The clusters that a body names, by name and without duplicates. Throws `not-found` for one that does not exist or that the caller may not see. */
function namedClusters(
  ledger: Ledger,
  caller: Caller,
  named: readonly string[],
  P: number,
): string[] {
  const known = new Set(ledger.clusters(P));
  for (const [i, cluster] of named.entries()) {
    if (known.has(cluster) && maySee(caller, cluster)) continue;
    throw new LedgerError("not-found", `there is no cluster ${cluster}`, {
      errors: [{ path: `/clusters/${i}`, message: "is not known" }],
    });
  }
  return [...new Set(named)].sort();
}

/** The clusters with any fact by the instant. */
function everyCluster(ledger: Ledger, caller: Caller, P: number, at: number): string[] {
  const clusters = ledger
    .clusters(P)
    .filter((each) => maySee(caller, each) && firstFactAt(ledger.view(each, P)) <= at);
  if (clusters.length > 0) return [...clusters].sort();
  throw new LedgerError("not-found", "no cluster is known yet", {
    errors: [{ path: "/clusters", message: "is of no cluster" }],
  });
}

function firstFactAt(view: DecisionView): number {
  const { registrations, policies, rolloutPolicies } = view;
  const ofKinds = kindNames.map((kind) => view.firstFactAt(kind));
  return Math.min(
    registrations[0]?.occurredAt ?? Infinity,
    policies[0]?.occurredAt ?? Infinity,
    rolloutPolicies[0]?.occurredAt ?? Infinity,
    ...ofKinds,
  );
}

/** The status of the NFZ in each cluster that declares it and that the caller may see, by name. */
function declaredIn(own: OwnFacts, nfz: string, caller: Caller): Map<string, NfzStatus> {
  const clusters = [...own.byCluster.keys()].filter((each) => maySee(caller, each)).sort();
  return new Map(
    clusters
      .map((cluster) => [cluster, timelineIn(own, nfz, cluster)] as const)
      .filter(([, { declaration }]) => declaration !== null),
  );
}

function isDeclared(own: OwnFacts, nfz: string, cluster: string): boolean {
  return timelineIn(own, nfz, cluster).declaration !== null;
}

function noSuchNfz(nfz: string): LedgerError {
  return new LedgerError("not-found", `there is no no-fly zone ${nfz}`, { extra: { nfz } });
}

async function carriedOut(
  deciding: Deciding,
  asked: Asked,
  nfz: string,
  decide: (seen: Seen) => NfzDecision,
): Promise<NfzAnswer> {
  return await deciding.telling(asked, nfz, () => answerOf(deciding, asked, nfz, decide));
}

async function answerOf(
  deciding: Deciding,
  asked: Asked,
  nfz: string,
  decide: (seen: Seen) => NfzDecision,
): Promise<NfzAnswer> {
  const { ledger, onDecided } = deciding;
  const last: { made: { readonly decision: NfzDecision; readonly own: OwnFacts } | null } = {
    made: null,
  };
  await resolveBeforeDeciding(deciding);
  const executed = await execute(ledger, asked, {
    stream: `nfz-${nfz}`,
    onDecided,
    plan: async (P) => {
      const own = await readOwnFacts(ledger, "nfz", nfz, P);
      const at = nfzInstant(deciding, P, own.latestAt);
      const decision = decide({ own, P, at });
      last.made = { decision, own };
      return { own, at, outcome: decision.outcome };
    },
    repeat: async (event) => {
      const P = event.attribution.decision?.sequence ?? event.sequence;
      const own = await readOwnFacts(ledger, "nfz", nfz, P, event.revision - 1n);
      const decision = decide({ own, P, at: event.occurredAt });
      last.made = { decision, own };
      return await repeated(ledger, asked, event, P);
    },
  });
  if (last.made === null) throw new LedgerError("internal", "a command was not decided");
  const { decision, own } = last.made;
  return nfzAnswer(nfz, decision, executed, (id) => {
    const event = own.events.get(id);
    return event === undefined ? null : placeOf(event);
  });
}

/** The answer that the command got the first time; its events still exist. */
async function repeated(
  ledger: Ledger,
  asked: Asked,
  event: StoredEvent,
  P: number,
): Promise<Executed> {
  const { stream, revision, occurredAt: at } = event;
  const further: StoredEvent[] = [];
  for await (const next of ledger.store.readStream(stream, revision + 1n)) {
    if (next.id !== idAt(asked.id, further.length + 1)) break;
    further.push(next);
  }
  return {
    outcome: "repeated",
    at,
    P,
    event: placeOf(event),
    further: further.map(placeOf),
    refusal: null,
    extra: {},
  };
}
