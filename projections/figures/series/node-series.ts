/**
 * Node-time by state and repairs per piece of a window: from integers, where the view has them and they tell all that
 * is asked for, else from timelines.
 */
import { at } from "../../arithmetic/invariants.ts";
import { BucketSums } from "../../arithmetic/bucket-sums.ts";
import { exact } from "../../arithmetic/ratio.ts";
import type { Interval } from "../../arithmetic/intervals.ts";
import { IntegerFold } from "../../node-integers/fold-integers.ts";
import type { NodesAsIntegers } from "../../node-integers/node-integers.ts";
import { spanKinds } from "../../node-integers/node-spans.ts";
import type { NodeSpans } from "../../node-integers/node-spans.ts";
import type { NodeState } from "../../nodes/packed-segments.ts";
import type { NodeTimeline } from "../../nodes/timeline.ts";
import { perStep, PieceCounts, windowOf } from "./pieces.ts";
import type { Values } from "./pieces.ts";

export interface NodeSeries {
  readonly memberNodeMs: Values;
  readonly inServiceNodeMs: Values;
  readonly downNodeMs: Values;
  readonly maintenanceNodeMs: Values;
  readonly unknownNodeMs: Values;
  readonly faultsOpened: Values;
  readonly faultsClosed: Values;
  /** Of the faults that were closed. */
  readonly repairMs: Values;
}

/** From the timelines of all nodes that the window touches. */
export function* seriesOfTimelines(
  timelines: Iterable<NodeTimeline>,
  edges: readonly number[],
): Generator<undefined, NodeSeries> {
  const sums = new NodeSums(edges);
  let done = 0;
  for (const timeline of timelines) {
    if (++done % perStep === 0) yield;
    sums.addTimeline(timeline);
  }
  return sums.series();
}

/** The same from integers; a node that they do not tell is folded from its facts. */
export function* seriesOfIntegers(
  nodes: NodesAsIntegers,
  edges: readonly number[],
): Generator<undefined, NodeSeries> {
  const sums = new NodeSums(edges);
  const integers = new IntegerFold();
  for (let batch = yield* nodes.next(); batch !== null; batch = yield* nodes.next()) {
    const others = [...batch.others];
    for (const [i, name] of batch.names.entries()) {
      if (i % perStep === 0) yield;
      if (integers.fold(batch, i)) sums.addSpans(integers.spans);
      else others.push(name);
    }
    for (const name of others) {
      const timeline = nodes.timeline(name);
      if (timeline !== null) sums.addTimeline(timeline);
      yield;
    }
  }
  return sums.series();
}

class NodeSums {
  readonly #window: Interval;
  readonly #member: BucketSums;
  /** What is not in service is little of the time, so in service is the rest. */
  readonly #out: Record<Exclude<NodeState, "in-service">, BucketSums>;
  readonly #opened: PieceCounts;
  readonly #closed: PieceCounts;
  readonly #repairMs: PieceCounts;

  constructor(edges: readonly number[]) {
    this.#window = windowOf(edges);
    this.#member = new BucketSums(edges);
    this.#out = {
      down: new BucketSums(edges),
      maintenance: new BucketSums(edges),
      unknown: new BucketSums(edges),
    };
    this.#opened = new PieceCounts(edges);
    this.#closed = new PieceCounts(edges);
    this.#repairMs = new PieceCounts(edges);
  }

  addTimeline({ memberships, segments, faults }: NodeTimeline): void {
    for (const { from, to } of memberships) this.#member.add(from, to);
    segments.eachIn(this.#window, (state, from, to) => {
      if (state !== "in-service") this.#out[state].add(from, to);
    });
    for (const { from, to, outcome } of faults) this.#addFault(from, to, outcome === "repaired");
  }

  addSpans(spans: NodeSpans): void {
    const { down, maintenance, unknown } = this.#out;
    for (let i = 0; i < spans.length; i++) {
      const kind = spans.kindAt(i);
      const [from, to] = [spans.fromAt(i), spans.toAt(i)];
      if (kind === spanKinds.member) this.#member.add(from, to);
      else if (kind === spanKinds.down) down.add(from, to);
      else if (kind === spanKinds.maintenance) maintenance.add(from, to);
      else if (kind === spanKinds.unknown) unknown.add(from, to);
      else this.#addFault(from, to, kind === spanKinds.repaired);
    }
  }

  #addFault(from: number, to: number, isRepaired: boolean): void {
    this.#opened.add(from);
    if (!isRepaired) return;
    this.#closed.add(to);
    this.#repairMs.add(to, to - from);
  }

  /** Throws FigureTooLarge past 2^53 - 1. */
  series(): NodeSeries {
    const memberNodeMs = this.#member.values("member node-time");
    const downNodeMs = this.#out.down.values("down node-time");
    const maintenanceNodeMs = this.#out.maintenance.values("maintenance node-time");
    const unknownNodeMs = this.#out.unknown.values("unknown node-time");
    return {
      memberNodeMs,
      inServiceNodeMs: memberNodeMs.map(
        (ms, i) => ms - at(downNodeMs, i) - at(maintenanceNodeMs, i) - at(unknownNodeMs, i),
      ),
      downNodeMs,
      maintenanceNodeMs,
      unknownNodeMs,
      faultsOpened: this.#opened.values,
      faultsClosed: this.#closed.values,
      repairMs: this.#repairMs.values.map((ms) => exact(ms, "total repair time")),
    };
  }
}
