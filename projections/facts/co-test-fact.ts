/** A stated result of a co-test: a set of updates, installed together, passed or failed. */
import type { Fact, FactOf } from "./fact.ts";

export type CoTestFact = FactOf<"CoTestPassed"> | FactOf<"CoTestFailed">;

export function isCoTest(fact: Fact): fact is CoTestFact {
  return fact.type === "CoTestPassed" || fact.type === "CoTestFailed";
}
