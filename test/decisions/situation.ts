/** A small history of cluster `c` and what the pure deciders make of it: facts and decisions by the hour, then a question. */
import type { DataOf, EventType } from "../../src/events/catalogue.ts";
import type { Caller } from "../../src/decisions/command/asked.ts";
import type { Draft, Outcome } from "../../src/decisions/command/drafts.ts";
import type { Gates } from "../../src/decisions/command/gates.ts";
import { noGates } from "./no-gates.ts";
import { worldAt } from "../../src/decisions/command/world.ts";
import { type RolloutCommand, decideRollout } from "../../src/decisions/rollouts/commands.ts";
import type { RolloutContext } from "../../src/decisions/rollouts/context.ts";
import { type SubmitBody, decideSubmit } from "../../src/decisions/rollouts/submit.ts";
import { sweepRollout } from "../../src/decisions/sweeps/sweep-rollout.ts";
import { statusBefore } from "../../projections/rollouts/kind.ts";
import { noStatus } from "../../projections/rollouts/status.ts";
import { History, hour, iso } from "../projections/history.ts";

export type Own<T extends EventType> = Omit<DataOf<T>, "cluster">;
type OfRollout<T extends EventType> = Omit<DataOf<T>, "cluster" | "rollout">;

/** Who has every role there is. */
export const anybody: Caller = { actor: "ann", roles: null, clusters: null };

export interface Zone {
  readonly declared?: number;
  readonly from: number;
  readonly to: number;
  readonly inFlight?: "finish" | "pause" | "rollback" | undefined;
  readonly scope?: DataOf<"NfzDeclared">["scope"];
  readonly noFastPath?: boolean;
  readonly resolvedUntil?: number;
}

export interface Asking {
  readonly caller?: Caller;
  readonly gates?: Gates;
}

export class Situation extends History {
  /** As a decision of the ledger. */
  decided<T extends EventType>(type: T, hours: number, own: Own<T>): string {
    const id = this.add(type, hours, own);
    const event = this.events.pop();
    if (event === undefined) throw new Error("nothing was added");
    const sequence = this.events.length;
    this.events.push({ ...event, attribution: { decision: { command: "start", sequence } } });
    return id;
  }

  /** A fact about rollout `r`. */
  rollout<T extends EventType>(type: T, hours: number, own: OfRollout<T>): string {
    return this.add(type, hours, { rollout: "r", ...own } as unknown as Own<T>);
  }

  /** A decision about rollout `r`. */
  decidedOf<T extends EventType>(type: T, hours: number, own: OfRollout<T>): string {
    return this.decided(type, hours, { rollout: "r", ...own } as unknown as Own<T>);
  }

  submitted(hours: number, more: Partial<SubmitBody> = {}): string {
    return this.add("RolloutSubmitted", hours, submission(more));
  }

  nfz(nfz: string, zone: Zone): string {
    const { declared = 0, from, to, inFlight = "pause", scope, noFastPath, resolvedUntil } = zone;
    return this.add("NfzDeclared", declared, {
      nfz,
      occurrences: [{ from: iso(hour(from)), to: iso(hour(to)) }],
      inFlight,
      ...(scope === undefined ? {} : { scope }),
      ...(noFastPath === undefined ? {} : { noFastPath }),
      ...(resolvedUntil === undefined ? {} : { resolvedUntil: iso(hour(resolvedUntil)) }),
    });
  }

  /** What a decision about rollout `r` at the hour is made from. */
  at(hours: number, { caller = anybody }: Asking = {}): RolloutContext {
    const world = worldAt(this.view(), hour(hours));
    const status = world.view.entity("rollout", "r")?.status ?? noStatus;
    return { rollout: "r", world, status, caller };
  }

  ask(hours: number, command: RolloutCommand, asking: Asking = {}): Outcome {
    return decideRollout(this.at(hours, asking), command, asking.gates ?? noGates);
  }

  submit(hours: number, more: Partial<SubmitBody> = {}): Outcome {
    const { world } = this.at(hours);
    return decideSubmit(world, world.view.facts("rollout", "r"), {
      cluster: "c",
      ...submission(more),
    });
  }

  sweep(hours: number): ReturnType<typeof sweepRollout> {
    return sweepRollout(this.at(hours));
  }

  /** Records what a sweep of rollout `r` at the hour does; says which types these are. */
  sweeps(hours: number): string[] {
    return this.#take(hours, this.sweep(hours)?.drafts ?? []);
  }

  /** Records what the ledger makes of a command at the hour; says which types these are. */
  does(hours: number, command: RolloutCommand, asking: Asking = {}): string[] {
    const outcome = this.ask(hours, command, asking);
    return this.#take(hours, outcome.kind === "append" ? outcome.drafts : []);
  }

  state(hours: number): string {
    const timeline = this.view().entity("rollout", "r");
    return timeline === null ? noStatus.state : statusBefore(timeline, hour(hours) + 1).state;
  }

  /** The type of an event. */
  typeOf(id: string): string | undefined {
    return this.events.find((each) => each.id === id)?.type;
  }

  #take(hours: number, drafts: readonly Draft[]): string[] {
    for (const { type, data } of drafts) this.decided(type, hours, data);
    return drafts.map(({ type }) => type);
  }
}

function submission(more: Partial<SubmitBody>): Own<"RolloutSubmitted"> {
  return {
    rollout: "r",
    updates: [{ component: "driver", version: "2" }],
    impact: { kind: "impactless" },
    urgency: "routine",
    ...more,
  };
}

/** The events that an outcome makes, and the code and members of its refusal. */
export function told(outcome: Outcome): object {
  if (outcome.kind === "already") return { already: outcome.by };
  const { refusal } = outcome;
  const refused = refusal === undefined ? {} : { code: refusal.code, ...refusal.extra };
  if (outcome.kind === "refused") return { ...refused, by: outcome.by };
  const drafts = outcome.drafts.map(({ type, data }) => {
    const { rollout: _rollout, cluster: _cluster, ...own } = data as Record<string, unknown>;
    return Object.keys(own).length === 0 ? type : { type, ...own };
  });
  return { appends: drafts, ...refused };
}
