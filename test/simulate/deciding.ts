/** Decides anew what the simulator says a ledger decided, with the project's own deciders. */
import { foldEntity } from "../../projections/facts/entity-kind.ts";
import { effectiveFacts } from "../projections/effective-facts-at.ts";
import { plainClusterView } from "../../projections/plain-view.ts";
import { rolloutKind } from "../../projections/rollouts/kind.ts";
import { noStatus } from "../../projections/rollouts/status.ts";
import type { Fact } from "../../projections/facts/fact.ts";
import type { RawEvent } from "../../projections/facts/effective-facts.ts";
import type { DecisionView } from "../../projections/view.ts";
import type { Draft } from "../../src/decisions/command/drafts.ts";
import { type World, worldAt } from "../../src/decisions/command/world.ts";
import { type RolloutCommand, decideRollout } from "../../src/decisions/rollouts/commands.ts";
import { decideSubmit } from "../../src/decisions/rollouts/submit.ts";
import { sweepRollout } from "../../src/decisions/sweeps/sweep-rollout.ts";
import type { DataOf } from "../../src/events/catalogue.ts";
import type { SimulatedEvent } from "../../src/simulate/telling/lines.ts";
import { rawEventsOf, type Simulation } from "./raw-events.ts";

/** What was appended together. */
export interface Appended {
  readonly events: readonly SimulatedEvent[];
  readonly command: string;
  readonly isAsked: boolean;
  readonly P: number;
  readonly at: number;
  /** The rollout, the no-fly zone or the node, in the cluster of the first event. */
  readonly name: string;
  readonly cluster: string;
}

/** Every decision, in the order in which they were made. */
export function decisionsOf({ events }: Simulation): Appended[] {
  const seen = new Set<string>();
  const appended: Appended[] = [];
  for (const event of events) {
    if (event.decision === undefined || seen.has(event.id)) continue;
    seen.add(event.id);
    const { command, sequence: P, request } = event.decision;
    const last = appended.at(-1);
    const data = event.data as { rollout?: string; nfz?: string; node?: string; cluster: string };
    const name = data.rollout ?? data.nfz ?? data.node ?? "";
    if (last?.P === P && last.name === name) {
      (last.events as SimulatedEvent[]).push(event);
      continue;
    }
    const at = Date.parse(event.occurredAt);
    const { cluster } = data;
    appended.push({
      events: [event],
      command,
      isAsked: request !== undefined,
      P,
      at,
      name,
      cluster,
    });
  }
  return appended;
}

/** The views of a simulation at its positions. */
export class Replay {
  readonly raw: readonly RawEvent[];
  /** The last one: the nodes of a request are decided in the same view. */
  #last: DecisionView | null = null;

  constructor(simulation: Simulation) {
    this.raw = rawEventsOf(simulation);
  }

  view(cluster: string, P: number): DecisionView {
    if (this.#last?.cluster === cluster && this.#last.sequence === P) return this.#last;
    const facts = effectiveFacts(this.raw.slice(0, P), P);
    this.#last = plainClusterView(facts, cluster, P, this.raw[P - 1]?.recordedAt ?? null);
    return this.#last;
  }
}

function statusOf(view: DecisionView, rollout: string) {
  const facts: readonly Fact[] = view.facts("rollout", rollout);
  return facts.length === 0 ? noStatus : foldEntity(rolloutKind, rollout, facts).status;
}

const gates = { hasFastPath: () => false, untested: () => [] };

/** What the deciders make of it, to be compared with what the simulator made; `null` where that is nothing. */
export function decidedAnew(view: DecisionView, appended: Appended): readonly Draft[] | null {
  const { at, name, command, events } = appended;
  const world = worldAt(view, at);
  if (command === "sweep") return sweptAnew(view, world, name);
  const [first] = events;
  if (first === undefined) return null;
  if (command === "submit") {
    const outcome = decideSubmit(
      world,
      view.facts("rollout", name),
      first.data as DataOf<"RolloutSubmitted">,
    );
    return outcome.kind === "append" ? outcome.drafts : null;
  }
  const caller = { actor: "test", roles: null, clusters: null };
  const context = { rollout: name, world, status: statusOf(view, name), caller };
  const outcome = decideRollout(context, commandOf(command, first), gates);
  return outcome.kind === "append" ? outcome.drafts : null;
}

export function sweptAnew(
  view: DecisionView,
  world: World,
  rollout: string,
): readonly Draft[] | null {
  return sweepRollout({ rollout, world, status: statusOf(view, rollout) })?.drafts ?? null;
}

/** The command that an event came of. */
function commandOf(name: string, { type, data }: SimulatedEvent): RolloutCommand {
  switch (name) {
    case "progress":
      return { name, body: data as DataOf<"RolloutProgressed"> };
    case "supersede":
      return { name, supersededBy: (data as DataOf<"RolloutSuperseded">).supersededBy ?? "" };
    case "revoke":
      return { name, override: (data as DataOf<"RolloutOverrideRevoked">).override };
    case "override": {
      if (type === "RolloutOverrideGranted")
        return { name, body: data as DataOf<"RolloutOverrideGranted"> };
      return { name, body: { role: "operator", expiresAt: "2100-01-01T00:00:00Z" } };
    }
    default:
      return { name } as RolloutCommand;
  }
}
