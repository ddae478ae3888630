/** The metrics for Prometheus. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { Audit } from "../../seals/audit.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { addLogMetrics, noLog } from "./log-state.ts";
import { addStoreMetrics, addTroubleMetrics } from "../../answers/store-status.ts";

export interface Metrics {
  readonly registry: Registry;
  readonly submitted: Counter<"status">;
  readonly httpSeconds: Histogram<"method" | "route" | "status">;
}

/** Each application has a registry of its own, so that several can run in one process. */
export function makeMetrics(ledger: Ledger, audit: Audit, log = noLog): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const submitted = new Counter({
    name: "fleetledger_events_submitted_total",
    help: "Events submitted over HTTP since the start, by outcome: appended, duplicate, refused.",
    labelNames: ["status"],
    registers,
  });
  // A counter appears, as 0, before its first count.
  for (const status of ["appended", "duplicate", "refused"]) submitted.inc({ status }, 0);
  const httpSeconds = new Histogram({
    name: "fleetledger_http_request_seconds",
    help: "Time from a request's headers to the end of its answer.",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  gauge("fleetledger_last_sequence", "The ledger's last sequence.", (s) => s.headSequence);
  gauge(
    "fleetledger_projected_sequence",
    "The last sequence that the views have reached.",
    (s) => s.sequence,
  );
  gauge(
    "fleetledger_projection_lag_events",
    "Events that the views do not have yet.",
    (s) => s.lagEvents,
  );
  gauge(
    "fleetledger_projection_lag_seconds",
    "Age of the oldest event that the views do not have yet; 0 if they have all events.",
    (s) => s.lagSeconds,
  );
  gauge("fleetledger_ready", "1 if the views can be read.", (s) => (s.state === "ready" ? 1 : 0));
  gauge(
    "fleetledger_sealed_events",
    "Events covered by the last seal; 0 if there is none.",
    () => audit.sealing()?.sealedSize ?? 0,
  );
  gauge("fleetledger_seal_behind", "1 if the witness does not have the last checkpoint yet.", () =>
    audit.sealing()?.isBehind === true ? 1 : 0,
  );
  gauge(
    "fleetledger_seal_send_failures",
    "Checkpoints that could not be sent to the witness, since the start.",
    () => audit.sealing()?.failures ?? 0,
  );
  addStoreMetrics(registry, ledger.store);
  addTroubleMetrics(registry, ledger);
  addLogMetrics(registry, log);
  return { registry, submitted, httpSeconds };

  function gauge(
    name: string,
    help: string,
    read: (status: ReturnType<Ledger["status"]>) => number,
  ): void {
    const made: Gauge = new Gauge({
      name,
      help,
      registers,
      collect: () => made.set(read(ledger.status())),
    });
  }
}
