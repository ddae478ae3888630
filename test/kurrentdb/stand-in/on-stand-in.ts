/** Ledgers on a stand-in, and appends of another instance that only the stand-in's log knows of. */
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { toKurrentDb } from "../../../src/store/kurrentdb/client/event.ts";
import type { ExpectedRevision } from "../../../src/store/port.ts";
import type { LeafStore } from "../../../src/store/leaf-store.ts";
import type { CheckedEvent } from "../../../src/events/envelope.ts";
import { fittedTo } from "../../contract/sample-events.ts";
import type { LedgerOnServer } from "../ledger-on-server.ts";
import { ledgerOn } from "../ledger-on-server.ts";
import type { ProposedEvent } from "./log.ts";
import type { StandIn } from "./stand-in.ts";
import { startStandIn } from "./stand-in.ts";

export interface OnStandIn {
  readonly standIn: StandIn;
  readonly ledger: LedgerOnServer;
  readonly store: LeafStore;
  /** The name that a stream of the ledger's has in the store. */
  readonly named: (stream: string) => string;
  /** Another instance appends: the log has it, this instance hears of it by its subscription alone. */
  readonly appendElsewhere: (
    stream: string,
    expected: ExpectedRevision,
    events: readonly CheckedEvent[],
  ) => void;
}

export async function openOnStandIn(): Promise<OnStandIn> {
  const standIn = await startStandIn();
  const ledger = ledgerOn(standIn.url);
  return { ...around(standIn, ledger), store: await ledger.open() };
}

export function around(standIn: StandIn, ledger = ledgerOn(standIn.url)): Omit<OnStandIn, "store"> {
  const named = (stream: string): string => `${ledger.prefix}${stream}`;
  return {
    standIn,
    ledger,
    named,
    appendElsewhere: (stream, expected, events) => {
      const fitted = events.map((event) => fittedTo(stream, event));
      const verdict = standIn.log.append(named(stream), expected, proposed(fitted));
      expect(verdict.kind).toBe("stored");
    },
  };
}

/** Events as the ledger's instances send them. */
export function proposed(events: readonly CheckedEvent[]): ProposedEvent[] {
  const size = events.length;
  return events.map((event, i) => {
    const { id, type, data, metadata } = toKurrentDb(event, 4_000, { index: i + 1, size });
    return {
      id,
      properties: new Map([
        ["type", type],
        ["content-type", "application/json"],
      ]),
      data: Buffer.from(JSON.stringify(data)),
      metadata: Buffer.from(JSON.stringify(metadata)),
    };
  });
}

/** Time in which something would happen if it were to: nothing depends on how long it is. */
export async function aMoment(): Promise<void> {
  await pause(100);
}
