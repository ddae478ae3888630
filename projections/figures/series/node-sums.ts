/**
 * Sums of node-time by state and of repairs per piece of a window. All of them lie in one row of numbers, so that the sums
 * of some nodes, made elsewhere, can be added to those of others.
 */
import { at, doubleAt } from "../../arithmetic/invariants.ts";
import { BucketSums } from "../../arithmetic/bucket-sums.ts";
import { exact } from "../../arithmetic/ratio.ts";
import type { Interval } from "../../arithmetic/intervals.ts";
import { spanKinds } from "../../node-integers/node-spans.ts";
import type { NodeSpans } from "../../node-integers/node-spans.ts";
import type { NodeState } from "../../nodes/packed-segments.ts";
import type { NodeTimeline } from "../../nodes/timeline.ts";
import { PieceCounts, windowOf } from "./pieces.ts";
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

/** How many numbers all sums take: four sums of time, two numbers an edge, and three counts. */
export function rowLength(edges: readonly number[]): number {
  return (4 * 2 + 3) * edges.length;
}

export class NodeSums {
  readonly #window: Interval;
  readonly #member: BucketSums;
  /** What is not in service is little of the time, so in service is the rest. */
  readonly #out: Record<Exclude<NodeState, "in-service">, BucketSums>;
  readonly #opened: PieceCounts;
  readonly #closed: PieceCounts;
  readonly #repairMs: PieceCounts;

  readonly #row: Float64Array;

  /** `row` has `rowLength` zeros. */
  constructor(edges: readonly number[], row: Float64Array = new Float64Array(rowLength(edges))) {
    let used = 0;
    const part = (perEdge: number): Float64Array => {
      used += perEdge * edges.length;
      return row.subarray(used - perEdge * edges.length, used);
    };
    this.#row = row;
    this.#window = windowOf(edges);
    this.#member = new BucketSums(edges, part(2));
    this.#out = {
      down: new BucketSums(edges, part(2)),
      maintenance: new BucketSums(edges, part(2)),
      unknown: new BucketSums(edges, part(2)),
    };
    this.#opened = new PieceCounts(edges, part(1));
    this.#closed = new PieceCounts(edges, part(1));
    this.#repairMs = new PieceCounts(edges, part(1));
  }

  /** Adds what was summed up in another row over the same edges. */
  addRow(other: Float64Array): void {
    for (let i = 0; i < this.#row.length; i++)
      this.#row[i] = doubleAt(this.#row, i) + doubleAt(other, i);
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
