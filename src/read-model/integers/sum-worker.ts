/** The thread that makes the sums of nodes for `sum-thread.ts`. */
import { parentPort, workerData } from "node:worker_threads";
import { addIntegers } from "../../../projections/figures/series/node-series.ts";
import { NodeSums } from "../../../projections/figures/series/node-sums.ts";
import { at } from "../../../projections/arithmetic/invariants.ts";
import type { Steps } from "../../turns.ts";
import { stepsAtOnce } from "../../turns.ts";
import { Instants } from "../columns/instants.ts";
import { Gathering } from "./gathering.ts";
import { beginPart, beginSort, endPart, endSort } from "./offered-part.ts";
import type { OfferedList, OfferedPart } from "./offered-part.ts";

const gathering = new Gathering(workerData as Uint8Array);

/** The list that was sorted last: those of several answers may come in between. */
let sorted = 0;

parentPort?.on("message", (offered: OfferedList | OfferedPart) => {
  if ("state" in offered) sort(offered);
  else sumUp(offered);
});

function sort(list: OfferedList): void {
  if (!beginSort(list.state)) return;
  stepsAtOnce(begin(list));
  endSort(list.state);
}

function sumUp(part: OfferedPart): void {
  if (!beginPart(part.list.state)) return;
  stepsAtOnce(sumsOf(part));
  endPart(part.list.state);
}

function* begin(list: OfferedList): Steps<void> {
  yield* gathering.begin(list);
  sorted = list.number;
}

function* sumsOf(part: OfferedPart): Steps<void> {
  const columnsOf = (segment: number) => {
    const { types, instants, named } = at(part.segments, segment);
    return { types, instants: new Instants(instants), named };
  };
  if (sorted !== part.list.number) yield* begin(part.list);
  const facts = yield* gathering.gather(columnsOf);
  const sums = new NodeSums(part.edges, part.sums);
  const others = yield* addIntegers(sums, { begins: part.begins, facts });
  part.others[0] = others.length;
  part.others.set(others, 1);
}
