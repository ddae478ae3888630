/** A ledger on a file that is served to a browser, with a clock that goes on from noon of 15 April 2026. */
import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { serve } from "../../../src/http/serve.ts";
import type { StoredEvent } from "../../../src/events/envelope.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";

export interface ServedLedger extends AsyncDisposable {
  readonly url: string;
  /** Sends a command, which must be taken. */
  post(path: string, body: object): Promise<void>;
  /** Events recorded after a position, in their order. */
  eventsAfter(sequence: number): Promise<readonly StoredEvent[]>;
  sequence(): Promise<number>;
}

/** Cluster alpha with three nodes in two racks, and cluster beta without any. */
export async function servedLedger(): Promise<ServedLedger> {
  const temporary = temporaryLedger();
  const begin = Date.parse("2026-04-15T12:00:00Z") - performance.now();
  const clock = { nowMs: () => Math.floor(begin + performance.now()) };
  const ledger = await temporary.open({ clock });
  const state = (type: string, data: object) => ({
    id: randomUUID(),
    type,
    occurredAt: "2026-04-01T00:00:00Z",
    data,
  });
  const nodes = [
    ["n1", "r1"],
    ["n2", "r1"],
    ["n3", "r2"],
  ];
  const taken = await ledger.submit([
    ...["alpha", "beta"].map((cluster) => state("ClusterRegistered", { cluster })),
    ...nodes.map(([node, rack]) => state("NodeCommissioned", { cluster: "alpha", node, rack })),
  ]);
  const refused = taken.filter(({ status }) => status === "refused");
  if (refused.length > 0) throw new Error(`the history is refused: ${JSON.stringify(refused)}`);
  await ledger.waitFor(taken.length, 600_000);
  const logger = pino({ level: "silent" });
  const server = await serve({ ledger, logger, port: 0, clock, stopOnSignals: false });
  const sequence = async () => (await ledger.store.head()).sequence;
  return {
    url: server.url,
    post: async (path, body) => {
      const answer = await fetch(new URL(path, server.url), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ actor: "eva", reason: "a test", ...body }),
      });
      if (answer.status !== 201) throw new Error(`${path}: ${await answer.text()}`);
      await ledger.waitFor(await sequence(), 600_000);
    },
    eventsAfter: async (after) => await ledger.store.query({ after, limit: 100 }),
    sequence,
    [Symbol.asyncDispose]: async () => {
      await server.stop();
      await temporary[Symbol.asyncDispose]();
    },
  };
}

export const driver = {
  rollout: "driver-2",
  cluster: "alpha",
  updates: [{ component: "driver", version: "2" }],
  impact: { kind: "impactless" },
  urgency: "security",
};

/** In force from an hour ago until tomorrow: declared a minute too late to begin earlier, it begins now. */
export const freeze = {
  nfz: "freeze",
  clusters: ["alpha"],
  inFlight: "pause",
  occurrences: [{ to: "2026-04-16T12:00:00Z" }],
};

/** What an event says, without what is different each time. */
export function said({ type, data, attribution }: StoredEvent): object {
  const { decision, ...rest } = attribution;
  return { type, data, ...rest, command: decision?.command };
}
