/** The state of the connection to an external store, for `/readyz` and `/metrics`. */
import { Gauge } from "prom-client";
import type { Registry } from "prom-client";
import { z } from "zod";
import type { Ledger } from "../ledger/ledger.ts";
import type { EventStore, StoreStatus, TroubleKind } from "../store/port.ts";

/** Set on every answer while the mirror is stopped: figures may be stale, or differ from what was sealed. */
export const mirrorHeader = "Fleetledger-Mirror";

/** Why the mirror that serves reads has stopped; `null` if it has not, or there is none. */
export function whyStopped(store: Pick<EventStore, "status">): string | null {
  const status = store.status?.();
  return status?.mirrorState === "stopped" ? (status.error ?? "it does not say why") : null;
}

export const storeReadiness = z
  .strictObject({
    mirrorState: z.enum(["filling", "live", "disconnected", "stopped"]),
    mirrorLagEvents: z
      .int()
      .describe("Progress of a mirror that is being filled, by bytes of the store's log."),
    mirrorLagSeconds: z
      .number()
      .describe("Age of the oldest event that the mirror lacks, as far as is known."),
    reconnects: z.int(),
    appendsInFlight: z.int(),
    retries: z.int(),
    unknownOutcomesResolved: z.int(),
    duplicateIds: z
      .int()
      .describe("Events in the store that were skipped because of duplicate ids."),
    leaseHolder: z
      .string()
      .nullable()
      .describe("The instance that seals, as far as is known; null if none does."),
    holdsLease: z.boolean(),
    mayHoldLease: z
      .boolean()
      .describe(
        "Whether this instance takes the lease when it is free: it has a key and is not behind.",
      ),
    leaseTerm: z.int().nullable(),
    leaseError: z
      .string()
      .nullable()
      .describe("Why the lease cannot be taken or renewed, or is in another stream."),
    timersHolder: z
      .string()
      .nullable()
      .describe("The instance that drives timers, as far as is known; null if none does."),
    drivesTimers: z.boolean(),
    mayDriveTimers: z
      .boolean()
      .describe(
        "Whether this instance takes the timers' lease when it is free: it runs timers and is not behind.",
      ),
    timersError: z
      .string()
      .nullable()
      .describe("Why the timers' lease cannot be taken or renewed, or is in another stream."),
    error: z.string().nullable(),
  })
  .nullable()
  .describe("null if the ledger is a file of its own.");

const gauges: readonly (readonly [string, string, (status: StoreStatus) => number])[] = [
  [
    "mirror_live",
    "1 if the mirror is up to date with the store.",
    (s) => Number(s.mirrorState === "live"),
  ],
  [
    "mirror_stopped",
    "1 if the mirror differs from the store, or met an event that it must not skip.",
    (s) => Number(s.mirrorState === "stopped"),
  ],
  [
    "mirror_lag_events",
    "Events that the mirror lacks; while it is being filled, estimated from the remaining bytes of the log.",
    (s) => s.mirrorLagEvents,
  ],
  [
    "mirror_lag_seconds",
    "Age of the oldest event that the mirror lacks, as far as is known; 0 if it lacks none.",
    (s) => s.mirrorLagSeconds,
  ],
  ["store_reconnects", "Broken subscriptions, since the start.", (s) => s.reconnects],
  [
    "store_appends_in_flight",
    "Appends without an outcome yet, including those waiting for a retry.",
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
    "Events in the store that were skipped because of duplicate ids.",
    (s) => s.duplicateIds,
  ],
  ["store_lease_held", "1 if this instance seals.", (s) => Number(s.holdsLease)],
  ["store_timers_lease_held", "1 if this instance drives timers.", (s) => Number(s.drivesTimers)],
];

const troubleKinds = ["file", "appends", "checkpoints"] as const satisfies readonly TroubleKind[];

/** Problems with the files of a ledger, one series each. */
export function addTroubleMetrics(
  registry: Registry,
  ledger: Pick<Ledger, "store" | "status">,
): void {
  const trouble: Gauge<"what"> = new Gauge({
    name: "fleetledger_store_trouble",
    help: "1 while this problem exists: file (deleted or replaced), appends (the last one failed), checkpoints (the write-ahead log cannot be checkpointed).",
    labelNames: ["what"],
    registers: [registry],
    collect: () => {
      const now = new Set((ledger.store.troubles?.() ?? []).map(({ what }) => what));
      for (const what of troubleKinds) trouble.set({ what }, now.has(what) ? 1 : 0);
    },
  });
  const derived: Gauge = new Gauge({
    name: "fleetledger_derived_failing",
    help: "1 while the file of derived data cannot be updated; figures are right all the same.",
    registers: [registry],
    collect: () => derived.set(ledger.status().derivedError === null ? 0 : 1),
  });
}

/** Adds nothing for a store that is a local file. */
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
