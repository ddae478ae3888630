/**
 * Looking back: the monthly SLA report as of a random sequence of a ledger of a million events, in
 * process, each position asked for once. Beside it the same reports at the head, and asked again.
 */
import { canonicalJson } from "../src/events/canonical.ts";
import { isEventType } from "../src/events/catalogue.ts";
import type { StoredEvent } from "../src/events/envelope.ts";
import { LiveModel } from "../src/projector/live-model.ts";
import { Random } from "../src/simulate/prng.ts";
import { simulate } from "../src/simulate/simulate.ts";
import type { Simulation } from "../src/simulate/simulate.ts";
import { slaDocument } from "../projections/sla-document.ts";
import { zonesInForce } from "../src/time/zones.ts";
import type { LatencyRow } from "./latency.ts";
import { formatLatencies } from "./latency.ts";

const aimMicros = 50_000;
const dayMs = 86_400_000;

export interface AsOfOptions {
  /** Some 890 events a day. */
  readonly days?: number;
  readonly reports?: number;
}

function modelOf({ events }: Simulation): LiveModel {
  const model = new LiveModel();
  const seen = new Set<string>();
  let batch: StoredEvent[] = [];
  for (const { id, type, occurredAt, recordedAt, data } of events) {
    if (seen.has(id) || !isEventType(type)) continue;
    seen.add(id);
    batch.push({
      id,
      type,
      schemaVersion: 1,
      stream: "",
      revision: 0n,
      sequence: seen.size,
      occurredAt: Date.parse(occurredAt),
      recordedAt: Date.parse(recordedAt),
      data: data as StoredEvent["data"],
      attribution: {},
    });
    if (batch.length === 1_000) {
      model.apply(batch);
      batch = [];
    }
  }
  model.apply(batch);
  return model;
}

/** The canonical bytes of a cluster's last full month, as of the sequence. */
function reportAt(model: LiveModel, cluster: string, sequence: number): string {
  const view = model.view(cluster, sequence);
  const head = new Date((view.headRecordedAt ?? 0) - 31 * dayMs);
  const period = head.toISOString().slice(0, 7);
  return canonicalJson(slaDocument(view, { period }, zonesInForce(view.zoneTable)));
}

function microsOf(work: () => unknown): number {
  const start = performance.now();
  work();
  return (performance.now() - start) * 1_000;
}

export function runAsOf({ days = 1_130, reports = 300 }: AsOfOptions = {}): string {
  const model = modelOf(simulate({ scenario: "supercomputer", days, seed: 1 }));
  const random = new Random(7);
  const clusters = model.clusters();
  // The first tenth is left out: it has no full month yet.
  const first = Math.ceil(model.sequence / 10);
  const asked = Array.from({ length: reports }, (_, i) => ({
    cluster: clusters[i % clusters.length] ?? "",
    sequence: first + Math.floor(random.float() * (model.sequence - first)),
  }));
  const atHead = clusters.map((cluster) =>
    microsOf(() => reportAt(model, cluster, model.sequence)),
  );
  const cold = asked.map((each) => microsOf(() => reportAt(model, each.cluster, each.sequence)));
  const [last] = asked.slice(-1);
  const again = Array.from({ length: 50 }, () =>
    microsOf(() => reportAt(model, last?.cluster ?? "", last?.sequence ?? 1)),
  );
  const rows: LatencyRow[] = [
    { name: "as of a random sequence", micros: cold, aim: aimMicros },
    { name: "the same position again", micros: again },
    { name: "at the head, the first time", micros: atHead },
  ];
  const title = `monthly report of a ${model.sequence.toLocaleString("en-US")} event ledger, in process`;
  return formatLatencies(title, rows);
}

if (import.meta.main) process.stdout.write(`${runAsOf()}\n`);
