/** States what the ledger decided: events in the order in which it made them, each taken down at the instant of its decision. */
import { createHash } from "node:crypto";
import { canonicalJson } from "../../events/canonical/canonical.ts";
import type { DataOf, EventType } from "../../events/catalogue.ts";
import { stableId } from "../../events/fields/stable-id.ts";
import type { Random } from "./prng.ts";
import type { StatedFact } from "./reporter.ts";

/** What somebody asked the ledger for. */
export interface Request {
  readonly command: string;
  readonly path: string;
  readonly actor: string;
  readonly reason?: string;
  readonly body?: object;
  /** What is asked about many nodes has an id of its own; the others have that of the first event. */
  readonly id?: string;
}

/** What the ledger did of its own accord. */
export interface TimedWork {
  readonly command: "sweep" | "resolve";
  readonly reason: string;
}

export interface Draft<T extends EventType = EventType> {
  readonly type: T;
  readonly data: DataOf<T>;
}

export function draft<T extends EventType>(type: T, data: DataOf<T>): Draft<T> {
  return { type, data };
}

/** Of the events of nodes. */
type NodeType = Extract<EventType, `Node${string}`>;

export type NodeDraft = { [T in NodeType]: Draft<T> }[NodeType];

export class DecisionLog {
  readonly facts: StatedFact[] = [];
  /** By the id of the first event that came of it. */
  readonly requests = new Map<string, Request>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** What is decided together is appended together. */
  append(at: number, asked: Request | TimedWork, drafts: readonly Draft[]): readonly StatedFact[] {
    const append = this.#random.uuid();
    const isAsked = "path" in asked;
    if (isAsked) this.requests.set(append, asked);
    const { command, reason } = asked;
    const decision = { command, ...(isAsked ? { request: requestOf(asked) } : {}), append };
    const facts = drafts.map(({ type, data }, i): StatedFact => ({
      id: i === 0 ? append : isAsked ? stableId([append, String(i)]) : this.#random.uuid(),
      type,
      occurredAt: at,
      recordedAt: at,
      data,
      actor: isAsked ? asked.actor : "fleetledger",
      ...(reason === undefined ? {} : { reason }),
      decision,
    }));
    this.facts.push(...facts);
    return facts;
  }

  /** What is decided node by node is appended node by node, of one request at once. */
  appendToNodes(
    at: number,
    asked: Request & { readonly id: string },
    drafts: readonly NodeDraft[],
  ): readonly StatedFact[] {
    const { id: append, command, actor, reason } = asked;
    const decision = { command, request: requestOf(asked), append };
    const facts = drafts.map(({ type, data }): StatedFact => ({
      id: stableId([append, data.node]),
      type,
      occurredAt: at,
      recordedAt: at,
      data,
      actor,
      ...(reason === undefined ? {} : { reason }),
      decision,
    }));
    const [first] = facts;
    if (first !== undefined) this.requests.set(first.id, asked);
    this.facts.push(...facts);
    return facts;
  }
}

/** SHA-256 of what was asked. */
function requestOf({ command, path, actor, reason, body = {} }: Request): string {
  const sent = { ...body, actor, ...(reason === undefined ? {} : { reason }) };
  return createHash("sha256")
    .update(canonicalJson([command, path, sent]))
    .digest("hex");
}
