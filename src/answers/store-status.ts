/** How a store that lives elsewhere is reached: for `/readyz` and `/metrics`. */
import { Gauge } from "prom-client";
import type { Registry } from "prom-client";
import { z } from "zod";
import type { Ledger } from "../ledger/ledger.ts";
import type { EventStore, StoreStatus, TroubleKind } from "../store/port.ts";

/** Of every answer while the mirror has stopped: a figure that is read then may be old, or another than was sealed. */
export const mirrorHeader = "Fleetledger-Mirror";

/** Why the mirror that reads come from has stopped; `null` while it has not, and where there is none. */
export function whyStopped(store: Pick<EventStore, "status">): string | null {
  const status = store.status?.();
  return status?.mirrorState === "stopped" ? (status.error ?? "it does not say why") : null;
}

export const storeReadiness = z
  .strictObject({
    mirrorState: z.enum(["filling", "live", "disconnected", "stopped"]),
    mirrorLagEvents: z
      .int()
      .describe("Of a mirror that is filled, by the bytes of the store's log that are left."),
    mirrorLagSeconds: z
      .number()
      .describe("How old the oldest is of what the mirror lacks, as far as is known."),
    reconnects: z.int(),
    appendsInFlight: z.int(),
    retries: z.int(),
    unknownOutcomesResolved: z.int(),
    duplicateIds: z
      .int()
      .describe("Events of the store that were passed over, because their ids stood already."),
    leaseHolder: z
      .string()
      .nullable()
      .describe("Who seals, as far as is known; null if nobody does."),
    holdsLease: z.boolean(),
    mayHoldLease: z
      .boolean()
      .describe("Whether this instance takes it when it is free: it has a key, and is not behind."),
    leaseTerm: z.int().nullable(),
    leaseError: z
      .string()
      .nullable()
      .describe("Why the lease cannot be taken or renewed, or stands in another stream."),
    error: z.string().nullable(),
  })
  .nullable()
  .describe("null where the ledger is a file of its own.");

const gauges: readonly (readonly [string, string, (status: StoreStatus) => number])[] = [
  [
    "mirror_live",
    "1 if the mirror has all that the store has.",
    (s) => Number(s.mirrorState === "live"),
  ],
  [
    "mirror_stopped",
    "1 if the mirror disagrees with the store, or met what it may not pass over.",
    (s) => Number(s.mirrorState === "stopped"),
  ],
  [
    "mirror_lag_events",
    "Events that the mirror lacks; while it is filled, by the bytes of the log that are left.",
    (s) => s.mirrorLagEvents,
  ],
  [
    "mirror_lag_seconds",
    "How old the oldest is of what the mirror lacks, as far as is known; 0 while it has everything.",
    (s) => s.mirrorLagSeconds,
  ],
  ["store_reconnects", "Subscriptions that broke, since the start.", (s) => s.reconnects],
  [
    "store_appends_in_flight",
    "Appends that have no outcome yet, also while one waits to be tried again.",
    (s) => s.appendsInFlight,
  ],
  [
    "store_append_retries",
    "Attempts at appends beyond the first, since the start.",
    (s) => s.retries,
  ],
  [
    "store_unknown_outcomes_resolved",
    "Appends whose outcome was unknown for a while, since the start.",
    (s) => s.unknownOutcomesResolved,
  ],
  [
    "store_duplicate_ids",
    "Events of the store that were passed over, because their ids stood already.",
    (s) => s.duplicateIds,
  ],
  ["store_lease_held", "1 if this instance seals.", (s) => Number(s.holdsLease)],
];

const troubleKinds = ["file", "appends", "checkpoints"] as const satisfies readonly TroubleKind[];

/** What is wrong with the files of a ledger, a series each. */
export function addTroubleMetrics(
  registry: Registry,
  ledger: Pick<Ledger, "store" | "status">,
): void {
  const trouble: Gauge<"what"> = new Gauge({
    name: "fleetledger_store_trouble",
    help: "1 while this is wrong: file (deleted or replaced), appends (the last one failed), checkpoints (the write-ahead log stays out of the file).",
    labelNames: ["what"],
    registers: [registry],
    collect: () => {
      const now = new Set((ledger.store.troubles?.() ?? []).map(({ what }) => what));
      for (const what of troubleKinds) trouble.set({ what }, now.has(what) ? 1 : 0);
    },
  });
  const derived: Gauge = new Gauge({
    name: "fleetledger_derived_failing",
    help: "1 while the file of what is derived cannot be kept up; figures are right all the same.",
    registers: [registry],
    collect: () => derived.set(ledger.status().derivedError === null ? 0 : 1),
  });
}

/** Nothing for a store that is a file of its own. */
export function addStoreMetrics(registry: Registry, store: EventStore): void {
  if (store.status === undefined) return;
  const status = store.status.bind(store);
  for (const [name, help, read] of gauges) {
    const gauge: Gauge = new Gauge({
      name: `fleetledger_${name}`,
      help,
      registers: [registry],
      collect: () => gauge.set(read(status())),
    });
  }
}
