/** One node's stream in memory: drafts are checked for their form and kept, as the ledger would. */
import { LedgerError } from "../../../src/errors.ts";
import { checkEvent } from "../../../src/events/check/check.ts";
import type { StoredEvent } from "../../../src/events/envelope.ts";
import type { Source } from "../../../src/sources/config/sources-file.ts";
import type { Observation } from "../../../src/sources/reconcile/observation.ts";
import { nodeTasks } from "../../../src/sources/reconcile/node-tasks.ts";
import type { RawEvent } from "../../../projections/facts/effective-facts.ts";
import { effectiveFacts } from "../../projections/effective-facts-at.ts";
import type { Task } from "../../../src/sources/reconcile/task.ts";
import { type Told, factsOf } from "../../sources/payloads/facts-of.ts";

export const second = 1_000;
export const epoch = Date.UTC(2026, 0, 1);
const nowMs = Date.UTC(2026, 5, 1);

export class OneNode {
  readonly events: StoredEvent[] = [];
  readonly #source: { readonly kind: Source["kind"]; readonly name: string };

  constructor(kind: Source["kind"] = "alertmanager") {
    this.#source = { kind, name: "src" };
  }

  /** Takes a payload; returns how many events it gave. */
  tell(observations: readonly Observation[]): number {
    return this.run(nodeTasks(this.#source, observations, nowMs));
  }

  run(tasks: readonly Task[]): number {
    const { kind, name } = this.#source;
    let appended = 0;
    for (const task of tasks) {
      const { drafts } = task.settle(this.events, { faultsOf: () => [] });
      for (const draft of drafts) {
        this.append({ ...draft, source: `${kind}:${name}`, actor: "key" });
        appended++;
      }
    }
    return appended;
  }

  /** Appends an event as anybody states it. Throws for a wrong form and for an id that is taken. */
  append(input: object): StoredEvent {
    const checked = checkEvent(input, { nowMs });
    if (checked instanceof LedgerError) throw checked;
    const { id, type, schemaVersion, occurredAt, data, attribution = {} } = checked;
    if (this.events.some((each) => each.id === id)) throw new Error(`the id of ${type} is taken`);
    const named = (data as { eventId?: string }).eventId;
    if (named !== undefined && !this.events.some((each) => each.id === named))
      throw new Error(`${type} names no event`);
    const sequence = this.events.length + 1;
    const event = {
      id,
      type,
      schemaVersion,
      occurredAt,
      attribution,
      sequence,
      stream: "node-alpha:n1",
      revision: BigInt(sequence - 1),
      recordedAt: nowMs,
      data,
    } as StoredEvent;
    this.events.push(event);
    return event;
  }

  /** Failures that stand, with the start in their ids. */
  standingFaults(): { eventId: string; start: number }[] {
    const facts = effectiveFacts(this.events as unknown as RawEvent[], this.events.length);
    return facts.flatMap((fact) =>
      fact.type === "NodeFailed"
        ? [
            {
              eventId: fact.id,
              start: (Date.parse(fact.data.faultId.split("@")[1] ?? "") - epoch) / second,
            },
          ]
        : [],
    );
  }

  /** A person says that it did not happen. */
  retract(eventId: string): void {
    this.append({
      id: crypto.randomUUID(),
      type: "FactRetracted",
      occurredAt: new Date(epoch).toISOString(),
      data: { eventId },
      actor: "alice",
      reason: "a false alarm",
    });
  }

  facts(): Told[] {
    return factsOf(this.events);
  }

  /** The outages that the events come to, in whole seconds. */
  spells(kind = "fault"): { from: number; to: number | null }[] {
    const seconds = (text: string) => (Date.parse(text) - epoch) / second;
    return factsOf(this.events)
      .filter((fact) => fact.kind === kind)
      .map(({ from, to }) => ({ from: seconds(from), to: to === null ? null : seconds(to) }))
      .sort((a, b) => a.from - b.from || (a.to ?? Infinity) - (b.to ?? Infinity));
  }
}

const place = { path: "", cluster: "alpha", node: "n1", weight: 1, series: "s" };

export function started(from: number, to: number | null, more: object = {}): Observation {
  return {
    is: "started",
    ...place,
    kind: "fault",
    from: epoch + from * second,
    to: to === null ? null : epoch + to * second,
    says: { category: "unknown" },
    ...more,
  };
}

export function bareEnd(at: number): Observation {
  const end = epoch + at * second;
  return { is: "ended", ...place, ofEveryEntity: false, kinds: ["fault"], at: end, quiet: false };
}
