/** Overrides: who may let a rollout pass no-fly zones, which ones, and for how long. */
import { formatInstant, instantMs } from "../../../projections/time/instant.ts";
import type { KnownNfz } from "../../../projections/nfz/in-force.ts";
import { runsOnFastPath } from "../../../projections/rollouts/cover.ts";
import { holdsAt } from "../../../projections/rollouts/status.ts";
import { hasRole } from "../command/asked.ts";
import type { Gates } from "../command/gates.ts";
import { type Outcome, type Refusal, already, append, draft, refused } from "../command/drafts.ts";
import { type RolloutContext, heldNow, matchingOf } from "./context.ts";

export interface OverrideBody {
  readonly role: string;
  readonly nfzIds?: readonly string[] | undefined;
  readonly expiresAt: string;
}

export function decideOverride(context: RolloutContext, body: OverrideBody, gates: Gates): Outcome {
  const { rollout, world, caller } = context;
  const { cluster, at, policy } = world;
  const { overrideRoles, overrideMaxMs } = policy;
  if (!hasRole(caller, body.role) || !overrideRoles.includes(body.role)) {
    const data = { rollout, cluster, command: "override", code: "role-needed" } as const;
    return {
      kind: "append",
      drafts: [draft("RolloutRefused", { ...data, roles: [...overrideRoles] })],
      refusal: roleNeeded(rollout, overrideRoles),
    };
  }
  const expiresAt = instantMs(body.expiresAt);
  if (expiresAt <= at || expiresAt > at + overrideMaxMs) {
    const latest = formatInstant(at + overrideMaxMs);
    return overrideRefused(
      "expiry",
      `expiresAt must lie after ${formatInstant(at)}, and not after ${latest}`,
    );
  }
  const matching = matchingOf(context);
  const names = body.nfzIds ?? heldNow(context, goesFast(context, gates)).held.map(nameOfHeld);
  if (names.length === 0) {
    return overrideRefused(
      "nothing-to-override",
      `no no-fly zone in force holds ${rollout}; name those that are to come in nfzIds`,
    );
  }
  const nfzIds = [...new Set(names)].sort();
  const wrong = nfzIds.find((name) => !touches(matching, name, at, expiresAt));
  if (wrong !== undefined) {
    return overrideRefused(
      "nfz",
      `${wrong} does not hold ${rollout} at any time before ${formatInstant(expiresAt)}`,
    );
  }
  return append(
    draft("RolloutOverrideGranted", {
      rollout,
      cluster,
      role: body.role,
      nfzIds,
      expiresAt: formatInstant(expiresAt),
    }),
  );
}

/** The refusal of an override by whoever has none of the roles. */
export function roleNeeded(rollout: string, roles: readonly string[]): Refusal {
  const detail = `an override of ${rollout} needs one of these roles, and you must have it: ${roles.join(", ")}`;
  return { code: "role-needed", detail, extra: { roles } };
}

/** Whether the fast path covers it: what runs keeps what it started with, what asks anew is judged anew. */
function goesFast(context: RolloutContext, gates: Gates): boolean {
  const { status } = context;
  return status.state === "in-progress" ? runsOnFastPath(status) : gates.hasFastPath(context);
}

function nameOfHeld({ known }: { readonly known: KnownNfz }): string {
  return known.nfz;
}

function touches(matching: readonly KnownNfz[], name: string, from: number, to: number): boolean {
  const known = matching.find(({ nfz }) => nfz === name);
  return (
    known?.occurrences.some((each) => each.from < each.to && each.from < to && each.to > from) ??
    false
  );
}

function overrideRefused(because: string, detail: string): Outcome {
  return refused("override-refused", detail, { because });
}

export function decideRevoke(context: RolloutContext, override: string): Outcome {
  const { rollout, world, status } = context;
  const grant = status.grants.find(({ id }) => id === override.toLowerCase());
  if (grant === undefined) {
    return refused("not-found", `${rollout} has no override ${override}`);
  }
  if (!holdsAt(grant, world.at)) {
    const by = grant.revokedBy ?? grant.id;
    return already(by);
  }
  return append(
    draft("RolloutOverrideRevoked", { rollout, cluster: world.cluster, override: grant.id }),
  );
}
