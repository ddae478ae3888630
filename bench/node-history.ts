/** A million events of nodes for the benches: faults, maintenance and lost observation that overlap, without oddities. */
import type { StoredEvent } from "../src/events/envelope.ts";

export const nodeEventCodes = {
  NodeCommissioned: 0,
  NodeFailed: 1,
  NodeReturned: 2,
  NodeMaintenanceStarted: 3,
  NodeMaintenanceEnded: 4,
  NodeObservationLost: 5,
  NodeObservationRestored: 6,
} as const;

type NodeEventType = keyof typeof nodeEventCodes;

export interface NodeEvent {
  readonly type: NodeEventType;
  readonly node: number;
  readonly at: number;
  /** Number of the fault or the maintenance; 0 for the rest. */
  readonly item: number;
}

export const cluster = "alpha";
export const historyBeginMs = Date.UTC(2025, 0, 1);

/** A generator of its own, so that every run measures the same. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** By time. Each node goes its own way: something begins, something may begin meanwhile, both end. */
export function makeNodeEvents(count: number, nodes: number): NodeEvent[] {
  const random = randomOf(1);
  const events: NodeEvent[] = [];
  const clocks = new Float64Array(nodes).fill(historyBeginMs);
  for (let node = 0; node < nodes; node++) {
    events.push({ type: "NodeCommissioned", node, at: historyBeginMs, item: 0 });
  }
  for (let item = 1; events.length < count; item++) {
    const node = item % nodes;
    const begin = (clocks[node] ?? 0) + 60_000 + Math.floor(random() * 20 * 3_600_000);
    const end = begin + 60_000 + Math.floor(random() * 4 * 3_600_000);
    const kind = random();
    const [from, to] =
      kind < 0.6
        ? (["NodeFailed", "NodeReturned"] as const)
        : kind < 0.9
          ? (["NodeMaintenanceStarted", "NodeMaintenanceEnded"] as const)
          : (["NodeObservationLost", "NodeObservationRestored"] as const);
    events.push({ type: from, node, at: begin, item }, { type: to, node, at: end, item });
    // The next may begin before this one has ended, unless it would be of the one switch.
    clocks[node] = kind < 0.9 && random() < 0.3 ? begin : end;
  }
  return withoutDoubleLoss(
    events.sort((a, b) => a.at - b.at || a.node - b.node || a.item - b.item),
  );
}

/** Observation is one switch: what would lose it twice is left out. */
function withoutDoubleLoss(events: readonly NodeEvent[]): NodeEvent[] {
  const lostBy = new Map<number, number>();
  return events.filter(({ type, node, item }) => {
    if (type === "NodeObservationLost") {
      if (lostBy.has(node)) return false;
      lostBy.set(node, item);
    }
    if (type === "NodeObservationRestored") {
      if (lostBy.get(node) !== item) return false;
      lostBy.delete(node);
    }
    return true;
  });
}

/** As a store gives it. */
export function storedNodeEvent(event: NodeEvent, index: number): StoredEvent {
  const node = `gpu-${String(event.node).padStart(4, "0")}`;
  const stored = {
    id: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
    type: event.type,
    schemaVersion: 1,
    stream: `node-${cluster}:${node}`,
    revision: 0n,
    sequence: index + 1,
    occurredAt: event.at,
    recordedAt: event.at + 5_000,
    data: dataOf(event, node),
    attribution: { source: "bench/monitor" },
  };
  return stored as StoredEvent;
}

function dataOf({ type, item }: NodeEvent, node: string): object {
  const id = `${node}-${item}`;
  if (type === "NodeFailed") {
    return { cluster, node, faultId: id, category: "hardware", component: "gpu" };
  }
  if (type === "NodeReturned") return { cluster, node, faultIds: [id] };
  if (type.startsWith("NodeMaintenance")) return { cluster, node, maintenanceId: id };
  return { cluster, node };
}
