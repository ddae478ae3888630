/** The thread that makes the sums of nodes for `sum-thread.ts`. */
import { parentPort, workerData } from "node:worker_threads";
import { addIntegers } from "../../../projections/figures/series/node-series.ts";
import { NodeSums } from "../../../projections/figures/series/node-sums.ts";
import { at } from "../../../projections/arithmetic/invariants.ts";
import type { Steps } from "../../turns.ts";
import { stepsAtOnce } from "../../turns.ts";
import { Instants } from "../columns/instants.ts";
import { Gathering } from "./gathering.ts";
import { beginPart, endPart } from "./offered-part.ts";
import type { OfferedPart } from "./offered-part.ts";

const gathering = new Gathering(workerData as Uint8Array);

parentPort?.on("message", (part: OfferedPart) => {
  if (!beginPart(part)) return;
  let isDone = false;
  try {
    stepsAtOnce(sumUp(part));
    isDone = true;
  } finally {
    endPart(part, isDone);
  }
});

function* sumUp(part: OfferedPart): Steps<void> {
  const columnsOf = (segment: number) => {
    const { types, instants, named } = at(part.segments, segment);
    return { types, instants: new Instants(instants), named };
  };
  const facts = yield* gathering.gather({ ...part, columnsOf });
  const sums = new NodeSums(part.edges, part.sums);
  const others = yield* addIntegers(sums, { begins: part.begins, facts });
  part.others[0] = others.length;
  part.others.set(others, 1);
}
