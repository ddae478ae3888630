/** What is still to come of a simulation, as the steps by which it reaches a ledger that is served. */
import type { Request } from "../../../simulate/setting/decision-log.ts";
import type { Simulation } from "../../../simulate/simulate.ts";
import type { SimulatedEvent } from "../../../simulate/telling/lines.ts";

/** A fact as a sender states it. */
export type StatedEvent = Omit<SimulatedEvent, "recordedAt" | "decision">;

/** Something that is asked of the ledger, which decides it anew. */
export interface Asking {
  readonly kind: "request";
  readonly atMs: number;
  /** Of the first event that came of it, in the simulation. */
  readonly id: string;
  /** With which it is sent: what is asked about many nodes has an id of its own. */
  readonly sentId: string;
  readonly request: Request;
  /** Of that event. */
  readonly type: string;
  /** The rollout that it is about, with its number of events by then; `null` if it is about no-fly zones or nodes. */
  readonly rollout: {
    readonly cluster: string;
    readonly name: string;
    readonly events: number;
  } | null;
}

export type Step =
  | { readonly kind: "facts"; readonly atMs: number; readonly events: readonly StatedEvent[] }
  | Asking
  /** The ledger's timers had something to do. */
  | { readonly kind: "sweep"; readonly atMs: number };

interface Script {
  /** What was recorded by the instant. */
  readonly past: readonly SimulatedEvent[];
  /** What is recorded later, in its order. */
  readonly steps: readonly Step[];
}

/** Cuts a simulation in two at an instant. */
export function scriptAfter(
  { events, requests }: Pick<Simulation, "events" | "requests">,
  presentMs: number,
): Script {
  const next = events.findIndex(({ recordedAt }) => Date.parse(recordedAt) > presentMs);
  const past = next < 0 ? events : events.slice(0, next);
  const seen = new Set<string>();
  const ofRollout = new Map<string, number>();
  const note = ({ id, data }: SimulatedEvent): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const name = rolloutOf(data)?.name;
    if (name !== undefined) ofRollout.set(name, (ofRollout.get(name) ?? 0) + 1);
  };
  for (const event of past) note(event);
  const steps: Step[] = [];
  for (const event of events.slice(past.length)) {
    const request = requests.get(event.id);
    // What the ledger decided is not said twice, and what a request led to besides its first event comes of itself.
    const isNew = !seen.has(event.id);
    if (event.decision === undefined) addFact(steps, event);
    else if (isNew && event.decision.request === undefined) addSweep(steps, atOf(event));
    else if (isNew && request !== undefined)
      steps.push({
        ...asking(event, ofRollout),
        id: event.id,
        sentId: request.id ?? event.id,
        request,
      });
    note(event);
  }
  return { past, steps };
}

function addFact(steps: Step[], event: SimulatedEvent): void {
  const { recordedAt: _, decision: __, ...stated } = event;
  const atMs = atOf(event);
  const last = steps.at(-1);
  if (last?.kind === "facts" && last.atMs === atMs)
    steps[steps.length - 1] = { ...last, events: [...last.events, stated] };
  else steps.push({ kind: "facts", atMs, events: [stated] });
}

function addSweep(steps: Step[], atMs: number): void {
  const last = steps.at(-1);
  if (last?.kind !== "sweep" || last.atMs !== atMs) steps.push({ kind: "sweep", atMs });
}

function asking(event: SimulatedEvent, ofRollout: ReadonlyMap<string, number>) {
  const rollout = rolloutOf(event.data);
  return {
    kind: "request" as const,
    atMs: atOf(event),
    type: event.type,
    rollout: rollout === null ? null : { ...rollout, events: ofRollout.get(rollout.name) ?? 0 },
  };
}

function atOf({ recordedAt }: SimulatedEvent): number {
  return Date.parse(recordedAt);
}

function rolloutOf(data: object): { readonly cluster: string; readonly name: string } | null {
  const { rollout, cluster } = data as { readonly rollout?: string; readonly cluster?: string };
  return rollout === undefined || cluster === undefined ? null : { cluster, name: rollout };
}
