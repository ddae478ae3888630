/**
 * Node-time over any window of ten million state changes: the index against a scan of all changes,
 * late changes put in their place, and the memory that a change takes.
 */
import type { NodeTime } from "../projections/nis.ts";
import type { Window } from "../projections/period.ts";
import { changeCode } from "../projections/state-change-chunks.ts";
import { StateChangeIndex } from "../projections/state-changes.ts";
import { formatLatencies } from "./latency.ts";

const beginMs = Date.UTC(2020, 0, 1);
const spanMs = 5 * 365 * 86_400_000;
const nodes = 10_000;
const states = ["in-service", "down", "maintenance", "unknown"] as const;
const queries = 20_000;
const scans = 40;
const lateChanges = 20_000;

/** A generator of its own, so that every run measures the same. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Changes {
  readonly times: Float64Array;
  readonly codes: Uint8Array;
}

/** Nodes that all begin in service and go from state to state at random instants, by time. */
function makeChanges(count: number): Changes {
  const random = randomOf(1);
  const times = new Float64Array(count).map(() => Math.floor(beginMs + random() * spanMs)).sort();
  const codes = new Uint8Array(count);
  const present = new Uint8Array(nodes);
  for (let i = 0; i < count; i++) {
    if (i < nodes) {
      times[i] = beginMs;
      codes[i] = changeCode(null, "in-service");
      continue;
    }
    const node = Math.floor(random() * nodes);
    const from = present[node] ?? 0;
    const to = (from + 1 + Math.floor(random() * 3)) % states.length;
    present[node] = to;
    codes[i] = changeCode(states[from] ?? null, states[to] ?? null);
  }
  return { times, codes };
}

/** The same sums by one pass over all changes. */
function scan({ times, codes }: Changes, { from, to }: Window): NodeTime {
  const sums = [0, 0, 0, 0, 0];
  const counts = [0, 0, 0, 0, 0];
  let before = from;
  for (let i = 0; i < times.length; i++) {
    const time = times[i] ?? 0;
    if (time >= to) break;
    if (time > before) {
      for (let state = 0; state < 4; state++) {
        sums[state] = (sums[state] ?? 0) + (counts[state] ?? 0) * (time - before);
      }
      before = time;
    }
    const code = codes[i] ?? 0;
    counts[code >> 3] = (counts[code >> 3] ?? 0) - 1;
    counts[code & 7] = (counts[code & 7] ?? 0) + 1;
  }
  for (let state = 0; state < 4; state++) {
    sums[state] = (sums[state] ?? 0) + (counts[state] ?? 0) * (to - before);
  }
  const [inServiceNodeMs = 0, downNodeMs = 0, maintenanceNodeMs = 0, unknownNodeMs = 0] = sums;
  const memberNodeMs = inServiceNodeMs + downNodeMs + maintenanceNodeMs + unknownNodeMs;
  return { memberNodeMs, inServiceNodeMs, downNodeMs, maintenanceNodeMs, unknownNodeMs };
}

function randomWindow(random: () => number): Window {
  const [a, b] = [Math.floor(random() * spanMs), Math.floor(random() * spanMs)];
  return { from: beginMs + Math.min(a, b), to: beginMs + Math.max(a, b) + 1 };
}

/** Microseconds of each of many calls. */
function measure(count: number, call: () => void): number[] {
  return Array.from({ length: count }, () => {
    const begin = performance.now();
    call();
    return (performance.now() - begin) * 1_000;
  });
}

function memoryBytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Prints what it measures; throws if the index and the scan differ. */
export function benchAnyWindow(count = 10_000_000): string {
  const changes = makeChanges(count);
  const before = memoryBytes();
  const index = new StateChangeIndex(changes.times, changes.codes);
  const bytesPerChange = (memoryBytes() - before) / count;
  const random = randomOf(2);
  for (let i = 0; i < 5; i++) {
    const window = randomWindow(random);
    const [quick, plain] = [index.nodeTime(window), scan(changes, window)];
    if (JSON.stringify(quick) !== JSON.stringify(plain)) {
      throw new Error(`${JSON.stringify(quick)} is not ${JSON.stringify(plain)}`);
    }
  }
  measure(queries, () => index.nodeTime(randomWindow(random)));
  const asked = measure(queries, () => index.nodeTime(randomWindow(random)));
  const scanned = measure(scans, () => scan(changes, randomWindow(random)));
  const late = measure(lateChanges, () => {
    index.insert(Math.floor(beginMs + random() * spanMs), changeCode("in-service", "down"));
  });
  const rows = [
    { name: "index", micros: asked, aim: 20 },
    { name: "scan of all changes", micros: scanned },
    { name: "late change into the index", micros: late, aim: 20 },
  ];
  const title = `Node-time over any window of ${count.toLocaleString("en-US")} state changes`;
  const memory = `  memory: ${bytesPerChange.toFixed(1)} bytes a state change${globalThis.gc === undefined ? " (without --expose-gc: about)" : ""}\n`;
  return `${formatLatencies(title, rows)}${memory}\n`;
}

if (import.meta.main) process.stdout.write(benchAnyWindow());
