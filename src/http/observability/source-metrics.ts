/** What operators see of sources: what became of their observations, and when they were last seen. */
import { Counter, Gauge, type Registry } from "prom-client";
import type { SilenceWatch } from "../../sources/watch/silence.ts";
import { type SourceLog, sourceOutcomes } from "../../sources/watch/source-log.ts";

export function watchSources(registry: Registry, log: SourceLog, silence: SilenceWatch): void {
  const registers = [registry];
  const outcomes = new Counter({
    name: "fleetledger_source_observations_total",
    help: "What became of sources' payloads since the start, by outcome: appended and duplicates in events, the others in observations.",
    labelNames: ["source", "outcome"],
    registers,
  });
  for (const { source } of log.all())
    for (const outcome of sourceOutcomes) outcomes.inc({ source: source.name, outcome }, 0);
  log.listen({
    onTaken: ({ name }, answer) => {
      const counts = { ...answer, refused: answer.refused.length };
      for (const outcome of sourceOutcomes)
        outcomes.inc({ source: name, outcome }, counts[outcome]);
    },
  });
  const seen: Gauge<"source"> = new Gauge({
    name: "fleetledger_source_last_seen_timestamp_seconds",
    help: "When a source last sent a payload or a heartbeat; no sample while that is not known.",
    labelNames: ["source"],
    registers,
    collect: () => {
      seen.reset();
      for (const { source } of log.all()) {
        const { lastSeenAt } = silence.of(source.name);
        if (lastSeenAt !== null) seen.set({ source: source.name }, lastSeenAt / 1_000);
      }
    },
  });
}
