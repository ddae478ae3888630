/** A fleet in which ten thousand rollouts wait for no-fly zones: what asks, sweeps and the queue are measured on. */
import { type Stated, fillLedger } from "./fill-ledger.ts";

export const waitingFleet = { nodes: 10_000, racks: 300, zones: 50, rollouts: 10_000, jobs: 1_000 };

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const cluster = "c";
const updateSets = 200;

type Random = () => number;

function stated(type: string, ms: number, data: object): Stated {
  return { type, occurredAt: new Date(ms).toISOString(), data: { cluster, ...data } };
}

function nodeOf(index: number): string {
  return `n${String(index).padStart(5, "0")}`;
}

function rackOf(index: number): string {
  return `r${index % waitingFleet.racks}`;
}

function* fleet(now: number): Generator<Stated> {
  const { nodes, jobs } = waitingFleet;
  for (let i = 0; i < nodes; i++) {
    const data = { node: nodeOf(i), rack: rackOf(i), sku: `sku-${i % 4}` };
    yield stated("NodeCommissioned", now - 40 * dayMs, data);
  }
  for (let i = 0; i < jobs; i++) {
    const held = `n[${nodeOf(8 * i).slice(1)}-${nodeOf(8 * i + 7).slice(1)}]`;
    yield stated("JobStarted", now - dayMs, { job: `job-${i}`, nodes: [held] });
  }
}

/** One over everything, the others over some racks, a SKU or some nodes; each with an occurrence a week for two years. */
function* zones(now: number, random: Random): Generator<Stated> {
  const week = 7 * dayMs;
  for (let i = 0; i < waitingFleet.zones; i++) {
    const from = i === 0 ? now - hourMs : now - dayMs + Math.floor(random() * 3 * dayMs);
    const occurrences = Array.from({ length: 100 }, (_, n) => ({
      from: new Date(from + n * week).toISOString(),
      to: new Date(from + n * week + dayMs + i * hourMs).toISOString(),
    }));
    const scope =
      i === 0
        ? {}
        : i % 5 === 0
          ? { scope: { skus: [`sku-${i % 4}`] } }
          : i % 7 === 0
            ? { scope: { nodes: [`n[0${i}000-0${i}199]`] } }
            : { scope: { racks: racks(random, 20) } };
    const data = { nfz: `z${i}`, occurrences, inFlight: "finish", ...scope };
    yield stated("NfzDeclared", now - 30 * dayMs, data);
  }
}

function racks(random: Random, count: number): string[] {
  return Array.from({ length: count }, () => rackOf(Math.floor(random() * waitingFleet.racks)));
}

function* rollouts(now: number, random: Random): Generator<Stated> {
  for (let i = 0; i < waitingFleet.rollouts; i++) {
    const rollout = `update-${String(i).padStart(5, "0")}`;
    const version = String(Math.floor(random() * updateSets));
    const first = Math.floor(random() * 9_000);
    const targets =
      i % 100 === 0
        ? {}
        : i % 10 === 0
          ? { targets: { nodes: [`n[${nodeOf(first).slice(1)}-${nodeOf(first + 63).slice(1)}]`] } }
          : { targets: { racks: racks(random, 1 + (i % 3)) } };
    const impact =
      i % 2 === 0 ? { kind: "impactless" } : { kind: "impactful", secondsPerNode: 60 + (i % 300) };
    const urgency = ["routine", "important", "security", "emergency"][i % 4];
    const updates = [{ component: `part-${i % 10}`, version }];
    const at = now - dayMs + i * 1_000;
    yield stated("RolloutSubmitted", at, { rollout, updates, impact, urgency, ...targets });
    yield stated("RolloutBlocked", now - hourMs + i * 10, { rollout, nfzIds: ["z0"] });
  }
}

/** Fills a ledger with the fleet; every rollout waits for a zone that is in force for a day. */
export async function fillWaitingFleet(path: string): Promise<void> {
  await fillLedger(path, (now, random) => [fleet(now), zones(now, random), rollouts(now, random)]);
}
