/** Starting and resuming: what holds the rollout, until when, and what lets it pass. */
import { formatInstant } from "../../../projections/time/instant.ts";
import { type InForce, type KnownNfz, nextFreeInstant } from "../../../projections/nfz/in-force.ts";
import { isInFlight } from "../../../projections/rollouts/status.ts";
import { sameRefusalMs } from "../../limits/decisions.ts";
import { type Draft, type Outcome, type Refusal, draft } from "../command/drafts.ts";
import { type RolloutContext, heldNow, matchingOf } from "./context.ts";
import type { Gates, Pair } from "../command/gates.ts";

/** An NFZ in force, as answers show it. */
export interface InForceJson {
  readonly nfz: string;
  readonly from: string;
  readonly to: string;
  readonly inFlight: string;
  readonly scope: object | null;
}

export function inForceJson({ known, from, to }: InForce): InForceJson {
  return {
    nfz: known.nfz,
    from: formatInstant(from),
    to: formatInstant(to),
    inFlight: known.inFlight,
    scope: known.scope ?? null,
  };
}

export function decideStart(context: RolloutContext, gates: Gates): Outcome {
  const refusal = refusedByNfz(context, gates);
  if (refusal !== null) return refusal;
  const untested = refusedByCoTest(context, gates.untested(context));
  if (untested !== null) return untested;
  const { drafts, extra } = going("RolloutStarted", context, gates);
  return { kind: "append", drafts, extra };
}

export function decideResume(context: RolloutContext, gates: Gates): Outcome {
  const refusal = refusedByNfz(context, gates);
  if (refusal !== null) return refusal;
  const { drafts, extra } = going("RolloutResumed", context, gates);
  const { rollout, world, status } = context;
  const released =
    status.held === null ? [] : [draft("RolloutUnblocked", { rollout, cluster: world.cluster })];
  return { kind: "append", drafts: [...released, ...drafts], extra };
}

function going(
  type: "RolloutStarted" | "RolloutResumed",
  context: RolloutContext,
  gates: Gates,
): { readonly drafts: readonly Draft[]; readonly extra: { readonly covered: readonly object[] } } {
  const { rollout, world } = context;
  const isFast = gates.hasFastPath(context);
  const { covered } = heldNow(context, isFast);
  const byPath = covered.filter(({ by }) => by === "fast-path").map(({ nfz }) => nfz);
  const fastPath = isFast ? { fastPath: byPath } : {};
  return {
    drafts: [draft(type, { rollout, cluster: world.cluster, ...fastPath })],
    extra: { covered },
  };
}

function refusedByNfz(context: RolloutContext, gates: Gates): Outcome | null {
  const { rollout, world, status } = context;
  const matching = matchingOf(context);
  const { held } = heldNow(context, gates.hasFastPath(context));
  if (held.length === 0) return null;
  const nfzIds = held.map(({ known }) => known.nfz);
  const refusal = nfzInForce(context, held, matching);
  const last = status.held?.by;
  if (
    last !== undefined &&
    isSameSet(last.data.nfzIds, nfzIds) &&
    world.at - last.occurredAt < sameRefusalMs
  ) {
    return { kind: "refused", refusal, by: last.id };
  }
  const drafts = [draft("RolloutBlocked", { rollout, cluster: world.cluster, nfzIds })];
  return { kind: "append", drafts, refusal };
}

/** The refusal of a start or resume because of NFZs. */
export function nfzInForce(
  { rollout, world, status }: Pick<RolloutContext, "rollout" | "world" | "status">,
  held: readonly InForce[],
  matching: readonly KnownNfz[],
): Refusal {
  const free = nextFreeInstant(matching, world.at);
  const names = held.map(({ known }) => known.nfz).join(", ");
  const what = isInFlight(status.state) ? "go on" : "start";
  const zones = held.length === 1 ? "the no-fly zone" : "the no-fly zones";
  const when =
    free === null ? "how long this lasts is not known yet" : `ask again at ${formatInstant(free)}`;
  return {
    code: "nfz-in-force",
    detail: `${rollout} may not ${what} during ${zones} ${names}; ${when}`,
    extra: {
      nfzs: held.map(inForceJson),
      nextStart: free === null ? null : formatInstant(free),
    },
  };
}

/** The refusal of a start that meets others untested. */
export function needsCoTest(rollout: string, pairs: readonly Pair[]): Refusal {
  const names = pairs.map((each) => `${each.rollout} (${each.status})`).join(", ");
  const detail = `${rollout} starts only after it passed a test with what it meets on its nodes: ${names}`;
  return { code: "needs-co-test", detail, extra: { pairs } };
}

function refusedByCoTest(context: RolloutContext, pairs: readonly Pair[]): Outcome | null {
  if (pairs.length === 0) return null;
  const { rollout, world, status } = context;
  const refusal = needsCoTest(rollout, pairs);
  const last = status.untestedBy;
  if (
    last !== null &&
    isSameSet((last.data.pairs ?? []).map(pairText), pairs.map(pairText)) &&
    world.at - last.occurredAt < sameRefusalMs
  ) {
    return { kind: "refused", refusal, by: last.id };
  }
  const data = {
    rollout,
    cluster: world.cluster,
    command: "start" as const,
    code: "needs-co-test" as const,
    pairs: [...pairs],
  };
  return { kind: "append", drafts: [draft("RolloutRefused", data)], refusal };
}

function pairText({ rollout, status }: Pair): string {
  return `${rollout} ${status}`;
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  const set = new Set(a);
  return set.size === new Set(b).size && b.every((each) => set.has(each));
}
