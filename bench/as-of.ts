/**
 * The SLA report of a month as of a random sequence of a ledger of a million events: what two parties
 * ask for who argue about a number. The ledger is the simulated supercomputer fleet over some years,
 * late facts and corrections among its events.
 */
import type { StoredEvent } from "../src/events/envelope.ts";
import { slaDocument } from "../projections/document/sla-document.ts";
import { maxKeptPartBytes, segmentEvents } from "../src/limits/read-model.ts";
import { KeptParts } from "../src/read-model/columns/kept-parts.ts";
import { DerivedFile } from "../src/read-model/snapshots/derived-file.ts";
import { sealed } from "../src/read-model/snapshots/kept-model.ts";
import { LiveModel } from "../src/read-model/live/live-model.ts";
import { simulate } from "../src/simulate/simulate.ts";
import type { SimulatedEvent } from "../src/simulate/simulate.ts";
import { firstZones } from "../src/zones/zones.ts";
import { formatLatencies } from "./latency.ts";
import { randomOf } from "./node-history.ts";

const clusters = ["aurora", "borealis", "corona"];
/** Some 790 events a day. */
const days = 400;
const reports = 150;
const aimMicros = 50_000;

function stored(event: SimulatedEvent, sequence: number): StoredEvent {
  const { id, type, data } = event;
  const made = {
    id: id.toLowerCase(),
    type,
    schemaVersion: 1,
    stream: "",
    revision: 0n,
    sequence,
    occurredAt: Date.parse(event.occurredAt),
    recordedAt: Date.parse(event.recordedAt),
    data,
    attribution: {},
  };
  return made as StoredEvent;
}

interface Built {
  readonly model: LiveModel;
  readonly recordedAt: Float64Array;
}

/** Duplicates take no sequence. */
async function build(): Promise<Built> {
  const { events } = simulate({ scenario: "supercomputer", days, seed: 1 });
  const sequences = new Map<string, number>();
  const model = new LiveModel();
  const file = DerivedFile.temporary({
    segmentEvents,
    kept: new KeptParts(maxKeptPartBytes),
    onChanged: () => undefined,
  });
  file.restart("");
  const recordedAt = new Float64Array(events.length + 1);
  for (const event of events) {
    if (sequences.has(event.id)) continue;
    const next = stored(event, model.sequence + 1);
    sequences.set(next.id, next.sequence);
    model.apply([next], sequences);
    if (model.isSealDue) file.append(await sealed(model), { first: 0, size: 0, root: "" });
    recordedAt[next.sequence] = next.recordedAt;
  }
  return { model, recordedAt };
}

/** The last month that was over at an instant. */
function monthBefore(ms: number): string {
  const at = new Date(ms);
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - 1, 15))
    .toISOString()
    .slice(0, 7);
}

function measure({ model, recordedAt }: Built, count: number, random: () => number): number[] {
  const earliest = Math.floor(model.sequence / 10);
  return Array.from({ length: count }, (_, i) => {
    const P = earliest + Math.floor(random() * (model.sequence - earliest)) + 1;
    const cluster = clusters[i % clusters.length] ?? "";
    const period = monthBefore(recordedAt[P] ?? 0);
    const begin = performance.now();
    slaDocument(model.view(cluster, P), { period, zone: "UTC" }, firstZones);
    return (performance.now() - begin) * 1_000;
  });
}

function headReports({ model, recordedAt }: Built): number[] {
  return clusters.map((cluster) => {
    const period = monthBefore(recordedAt[model.sequence] ?? 0);
    const begin = performance.now();
    slaDocument(model.view(cluster), { period, zone: "UTC" }, firstZones);
    return (performance.now() - begin) * 1_000;
  });
}

/** Of the heap and the columns; about, where rubbish cannot be collected first. */
function bytesPerEvent(model: LiveModel): string {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const each = ((heapUsed + arrayBuffers) / model.sequence).toFixed(0);
  return `${each} bytes an event${globalThis.gc === undefined ? " (without --expose-gc: about)" : ""}`;
}

export async function benchAsOf(): Promise<string> {
  const built = await build();
  const random = randomOf(3);
  const first = headReports(built);
  const again = headReports(built);
  const warming = measure(built, reports / 4, random);
  const past = measure(built, reports, random);
  const memory = `  memory, with every node's chunks: ${bytesPerEvent(built.model)}\n`;
  const title = `A month's SLA report, of ${built.model.sequence.toLocaleString("en-US")} events`;
  const latencies = formatLatencies(title, [
    { name: "as of a random sequence", micros: past, aim: aimMicros },
    { name: "as of the first positions asked for", micros: warming },
    { name: "at the head, everything folded for the first time", micros: first },
    { name: "at the head again", micros: again },
  ]);
  return `${latencies}${memory}`;
}

if (import.meta.main) process.stdout.write(`${await benchAsOf()}\n`);
