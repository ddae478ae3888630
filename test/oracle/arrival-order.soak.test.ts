import { describe, expect, it } from "vitest";
import { randomHistory } from "../histories/random-history.ts";
import { randomRequest } from "../histories/random-request.ts";
import { randomSource } from "../histories/random-source.ts";
import { soakRuns } from "../random-runs.ts";
import { OracleRefusal } from "./facts/oracle-event.ts";
import type { OracleEvent } from "./facts/oracle-event.ts";
import { oracleSlaDocument } from "./sla-oracle.ts";
import type { OracleRequest } from "./sla-oracle.ts";

function answer(history: readonly OracleEvent[], request: OracleRequest): unknown {
  try {
    return oracleSlaDocument(history, request);
  } catch (error) {
    if (error instanceof OracleRefusal) return error.message;
    throw error;
  }
}

describe("the order of arrival", () => {
  it("changes no figure once all facts have arrived, even with many in one millisecond", () => {
    for (let seed = 1; seed <= soakRuns(300, 75); seed += 1) {
      const history = randomHistory(seed, { corrections: false });
      const { asOf: _, ...request } = randomRequest(seed, history);
      const shuffled = randomSource(seed).shuffled(history);
      expect({ seed, document: answer(shuffled, request) }).toEqual({
        seed,
        document: answer(history, request),
      });
    }
  });
});
