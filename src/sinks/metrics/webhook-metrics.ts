/** What operators see of webhooks: how far each is behind, how often it failed, and whether it has stopped. */
import { Counter, Gauge, type Registry } from "prom-client";
import type { Webhooks } from "../webhooks/webhooks.ts";

/** Of the instance that delivers; the others have no samples. */
export function addWebhookMetrics(registry: Registry, webhooks: Webhooks): void {
  const registers = [registry];
  const labelNames = ["webhook"] as const;
  const lag = new Gauge({
    name: "fleetledger_webhook_lag_events",
    help: "Events of the ledger that the webhook has not got past yet.",
    labelNames,
    registers,
    collect: () => {
      lag.reset();
      for (const { name, lagEvents } of webhooks.delivering())
        lag.set({ webhook: name }, lagEvents);
    },
  });
  const stopped = new Gauge({
    name: "fleetledger_webhook_stopped",
    help: "1 if the webhook delivers nothing until it is replayed.",
    labelNames,
    registers,
    collect: () => {
      stopped.reset();
      for (const { name, state } of webhooks.delivering())
        stopped.set({ webhook: name }, state.stopped === null ? 0 : 1);
    },
  });
  const failures = new Counter({
    name: "fleetledger_webhook_failures_total",
    help: "Attempts since the start that the receiver did not answer with success.",
    labelNames,
    registers,
    collect: () => {
      failures.reset();
      for (const { name, failures: count } of webhooks.delivering())
        failures.inc({ webhook: name }, count);
    },
  });
}
