/** What each command on a rollout does in each state: the table in decisions.md. */
import type { DataOf } from "../../events/catalogue.ts";
import { statusBefore } from "../../../projections/rollouts/kind.ts";
import {
  type RolloutState,
  type RolloutStatus,
  holdsAt,
  isInFlight,
  isQueued,
  noStatus,
} from "../../../projections/rollouts/status.ts";
import { type Outcome, already, append, draft, refused } from "../command/drafts.ts";
import type { RolloutContext } from "./context.ts";
import { type OverrideBody, decideOverride, decideRevoke } from "./override.ts";
import { decideResume, decideStart } from "./start.ts";
import type { Gates } from "../command/gates.ts";

interface ProgressBody {
  readonly nodesDone: number;
  readonly nodesTotal: number;
  readonly nodes?: string[] | undefined;
}

/** A command on an existing rollout, with the command's own fields. */
export type RolloutCommand =
  | { readonly name: "start" | "pause" | "resume" | "verify" | "complete" }
  | { readonly name: "fail" | "roll-back" | "cancel" }
  | { readonly name: "progress"; readonly body: ProgressBody }
  | { readonly name: "supersede"; readonly supersededBy: string }
  | { readonly name: "override"; readonly body: OverrideBody }
  | { readonly name: "revoke"; readonly override: string };

export type RolloutCommandName = RolloutCommand["name"];

interface Row {
  /** The states in which it has an effect. */
  readonly from: (status: RolloutStatus) => boolean;
  /** For states in which it was done before, the id of the event that did it. */
  readonly done?: (status: RolloutStatus) => string | null;
}

const inState =
  (...states: readonly RolloutState[]) =>
  ({ state }: RolloutStatus): boolean =>
    states.includes(state);

/** The event that set the state, if it is one of the given states. */
const setIn =
  (...states: readonly RolloutState[]) =>
  ({ state, setBy }: RolloutStatus): string | null =>
    states.includes(state) ? (setBy?.id ?? null) : null;

/** The start; of what was only ever said to be verified, that. */
const startedIn = ({ state, startedBy, setBy }: RolloutStatus): string | null =>
  state === "in-progress" || state === "verifying" ? ((startedBy ?? setBy)?.id ?? null) : null;

const table: { readonly [N in RolloutCommandName]: Row } = {
  start: { from: ({ state }) => isQueued(state), done: startedIn },
  progress: { from: inState("in-progress", "paused", "rolling-back") },
  pause: { from: inState("in-progress"), done: setIn("paused") },
  resume: { from: inState("paused"), done: setIn("in-progress") },
  verify: { from: inState("in-progress"), done: setIn("verifying") },
  complete: { from: inState("verifying"), done: setIn("completed") },
  fail: { from: ({ state }) => isInFlight(state), done: setIn("failed") },
  "roll-back": { from: ({ state }) => isInFlight(state), done: setIn("rolled-back") },
  cancel: { from: ({ state }) => isQueued(state), done: setIn("cancelled") },
  supersede: { from: ({ state }) => isQueued(state) },
  override: {
    from: ({ state }) => isQueued(state) || state === "in-progress" || state === "paused",
  },
  revoke: { from: ({ endedBy }) => endedBy === null },
};

/** The commands that have an effect in the rollout's state, unless a zone, a co-test or a role forbids them. */
export function commandsPossible(status: RolloutStatus): RolloutCommandName[] {
  const names = Object.keys(table) as RolloutCommandName[];
  return names.filter(
    (name) => table[name].from(status) && (name !== "verify" || isAllDone(status)),
  );
}

export function decideRollout(
  context: RolloutContext,
  command: RolloutCommand,
  gates: Gates,
): Outcome {
  const { status } = context;
  const row = table[command.name];
  // An override that is not there, or over, is answered so in whatever state the rollout is.
  if (command.name === "revoke" && !holdsGrant(context, command.override)) {
    return decideRevoke(context, command.override);
  }
  if (!row.from(status)) {
    const by = row.done?.(status) ?? null;
    return by === null ? transitionRefused(context, command.name) : already(by);
  }
  return decide(context, command, gates);
}

function holdsGrant({ status, world }: RolloutContext, override: string): boolean {
  const id = override.toLowerCase();
  return status.grants.some((grant) => grant.id === id && holdsAt(grant, world.at));
}

function decide(context: RolloutContext, command: RolloutCommand, gates: Gates): Outcome {
  const { rollout, world, status } = context;
  const about = { rollout, cluster: world.cluster };
  switch (command.name) {
    case "start":
      return decideStart(context, gates);
    case "resume":
      return decideResume(context, gates);
    case "progress":
      return append(draft("RolloutProgressed", progressData(about, command.body)));
    case "pause":
      return append(draft("RolloutPaused", about));
    case "verify":
      return isAllDone(status)
        ? append(draft("RolloutVerificationStarted", about))
        : transitionRefused(context, "verify", "nodes are left to do");
    case "complete":
      return append(draft("RolloutCompleted", about));
    case "fail":
      return append(draft("RolloutFailed", about));
    case "roll-back":
      return append(draft("RolloutRolledBack", about));
    case "cancel":
      return append(draft("RolloutCancelled", about));
    case "supersede":
      return decideSupersede(context, command.supersededBy);
    case "override":
      return decideOverride(context, command.body, gates);
    case "revoke":
      return decideRevoke(context, command.override);
  }
}

function progressData(
  about: { readonly rollout: string; readonly cluster: string },
  { nodesDone, nodesTotal, nodes }: ProgressBody,
): DataOf<"RolloutProgressed"> {
  return { ...about, nodesDone, nodesTotal, ...(nodes === undefined ? {} : { nodes }) };
}

function isAllDone({ progress }: RolloutStatus): boolean {
  return progress === null || progress.data.nodesDone === progress.data.nodesTotal;
}

function transitionRefused(
  { rollout, status }: RolloutContext,
  command: RolloutCommandName,
  why?: string,
): Outcome {
  const { state } = status;
  const detail = `${rollout} is ${state}, and ${command} is not possible${why === undefined ? " from there" : `: ${why}`}`;
  return refused("transition-refused", detail, { state, command });
}

function decideSupersede({ rollout, world }: RolloutContext, supersededBy: string): Outcome {
  const timeline = world.view.entity("rollout", supersededBy);
  // By the instant of the decision: what is reported ahead of it has not happened.
  const other = timeline === null ? noStatus : statusBefore(timeline, world.at + 1);
  const canTakeItsPlace =
    supersededBy !== rollout && other.submission !== null && other.endedBy === null;
  if (canTakeItsPlace) {
    const data = { rollout, cluster: world.cluster, supersededBy };
    return append(draft("RolloutSuperseded", data));
  }
  return refused(
    "rollout-refused",
    `${supersededBy} is no other rollout of ${world.cluster} that was submitted and is not over`,
    { because: "superseded-by" },
  );
}
