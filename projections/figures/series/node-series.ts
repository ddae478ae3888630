/**
 * Node-time by state and repairs per piece of a window: from integers, where the view has them and they tell all that
 * is asked for, else from timelines.
 */
import { at } from "../../arithmetic/invariants.ts";
import { IntegerFold } from "../../node-integers/fold-integers.ts";
import type { NodeIntegers, NodesAsIntegers } from "../../node-integers/node-integers.ts";
import type { NodeTimeline } from "../../nodes/timeline.ts";
import { NodeSums } from "./node-sums.ts";
import type { NodeSeries } from "./node-sums.ts";
import { perStep } from "./pieces.ts";

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
  for (let batch = yield* nodes.next(); batch !== null; batch = yield* nodes.next()) {
    const others = [...batch.others];
    if ("sums" in batch) sums.addRow(batch.sums);
    else for (const node of yield* addIntegers(sums, batch)) others.push(at(batch.names, node));
    for (const name of others) {
      const timeline = nodes.timeline(name);
      if (timeline !== null) sums.addTimeline(timeline);
      yield;
    }
  }
  return sums.series();
}

/** Adds the nodes that integers tell; returns the indexes of the others, ascending. */
export function* addIntegers(
  sums: NodeSums,
  nodes: Pick<NodeIntegers, "begins" | "facts">,
): Generator<undefined, number[]> {
  const fold = new IntegerFold();
  const others: number[] = [];
  for (let node = 0; node + 1 < nodes.begins.length; node++) {
    if (node % perStep === 0) yield;
    if (fold.fold(nodes, node)) sums.addSpans(fold.spans);
    else others.push(node);
  }
  return others;
}
