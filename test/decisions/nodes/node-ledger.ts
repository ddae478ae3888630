/** A ledger in a temporary file with a clock that is set, to ask for decisions about nodes of cluster `c`. */
import { randomUUID } from "node:crypto";
import type { Asked, Caller } from "../../../src/decisions/command/asked.ts";
import { requestHash } from "../../../src/decisions/command/asked.ts";
import { type Deciding, deciding } from "../../../src/decisions/command/deciding.ts";
import {
  type MaintenanceAnswer,
  commandMaintenance,
} from "../../../src/decisions/nodes/maintenance.ts";
import type { MaintenanceCommand } from "../../../src/decisions/nodes/maintenance-decider.ts";
import { type ScaleAnswer, requestScale } from "../../../src/decisions/nodes/scale.ts";
import { isLedgerError } from "../../../src/errors.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import { begin, hour, iso } from "../../projections/history.ts";
import { anybody } from "../situation.ts";

interface Asking {
  readonly id?: string;
  readonly caller?: Caller;
  readonly reason?: string | undefined;
  /** In place of the ledger's own: one that is tampered with. */
  readonly deciding?: Deciding;
}

interface MaintenanceAsking {
  readonly targets?: object | undefined;
  readonly from?: number;
  readonly to?: number;
  readonly rolloutId?: string;
  readonly role?: string;
}

type Refused = { readonly code: string } & Record<string, unknown>;

export interface NodeLedger extends AsyncDisposable {
  readonly ledger: Ledger;
  readonly deciding: Deciding;
  setClock(hours: number): void;
  /** States a fact, as a sender does. */
  state(type: string, hours: number, data: Record<string, unknown>): Promise<string>;
  /** Commissions nodes at hour 0. */
  commission(...nodes: readonly string[]): Promise<void>;
  scale(body: object, asking?: Asking): Promise<ScaleAnswer & Refused>;
  maintain(
    command: MaintenanceCommand,
    asked: MaintenanceAsking,
    asking?: Asking,
  ): Promise<MaintenanceAnswer & Refused>;
  /** The events of a node, as they are stored. */
  eventsOf(node: string): Promise<
    {
      readonly type: string;
      readonly id: string;
      readonly data: object;
      readonly decision: object | undefined;
    }[]
  >;
}

/** It is the hour 0. */
export async function nodeLedger(): Promise<NodeLedger> {
  const temporary = temporaryLedger();
  let nowMs = begin;
  const ledger = await temporary.open({ clock: { nowMs: () => nowMs } });
  const made = deciding(ledger);
  const submit = async (events: readonly object[]): Promise<void> => {
    const taken = await ledger.submit(events);
    for (const each of taken) if (each.status === "refused") throw each.error;
    await ledger.waitFor((await ledger.store.head()).sequence, 600_000);
  };
  const state: NodeLedger["state"] = async (type, hours, data) => {
    const id = randomUUID();
    const occurredAt = iso(hour(hours));
    await submit([{ id, type, occurredAt, data, actor: "eva", reason: "a test" }]);
    return id;
  };
  const askedFor = (command: string, body: object, asking: Asking): Asked => ({
    command,
    caller: asking.caller ?? anybody,
    said: { reason: "reason" in asking ? asking.reason : "a test" },
    id: asking.id ?? randomUUID(),
    request: requestHash(command, "/v1", body),
    minSequence: 0,
  });
  await state("ClusterRegistered", 0, { cluster: "c" });
  return {
    ledger,
    deciding: made,
    setClock: (hours) => {
      nowMs = hour(hours);
    },
    state,
    commission: async (...nodes) => {
      await submit(
        nodes.map((node) => ({
          id: randomUUID(),
          type: "NodeCommissioned",
          occurredAt: iso(begin),
          data: { cluster: "c", node, rack: `r${node.length}` },
        })),
      );
    },
    scale: async (body, asking = {}) => {
      const whole = { cluster: "c", ...body };
      const asked = askedFor("scale", whole, asking);
      return (await answerOf(requestScale(asking.deciding ?? made, asked, whole))) as never;
    },
    maintain: async (command, what, asking = {}) => {
      const asked = askedFor(`maintenance-${command}`, what, asking);
      const { targets, from = 4, to = 6, rolloutId, role } = what;
      const plan = { from: iso(hour(from)), to: iso(hour(to)) };
      const answer = commandMaintenance(
        asking.deciding ?? made,
        asked,
        { cluster: "c", targets },
        {
          command,
          maintenanceId: "m",
          rolloutId,
          plan,
          role,
          caller: asked.caller,
          hasReason: asked.said.reason !== undefined,
        },
      );
      return (await answerOf(answer)) as never;
    },
    eventsOf: async (node) => {
      const events = [];
      for await (const { type, id, data, attribution } of ledger.store.readStream(`node-c:${node}`))
        events.push({ type, id, data, decision: attribution.decision });
      return events;
    },
    [Symbol.asyncDispose]: async () => await temporary[Symbol.asyncDispose](),
  };
}

async function answerOf(asked: Promise<object>): Promise<object> {
  try {
    return await asked;
  } catch (error) {
    if (!isLedgerError(error)) throw error;
    return { code: error.code, detail: error.message, ...error.extra };
  }
}
