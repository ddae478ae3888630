/** One window as of many positions: what changed between them is folded again, and nothing else. */
import { describe, expect, test } from "vitest";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import { viewAtTime } from "../../projections/view-with.ts";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import { randomHistory } from "../histories/random-history.ts";
import { randomRequest } from "../histories/random-request.ts";
import { randomSource } from "../histories/random-source.ts";
import { randomRuns } from "../random-runs.ts";
import { documentOf } from "./document-of.ts";
import { rawHistory, storedHistory } from "./stored-history.ts";
import { take } from "./take.ts";

describe("a window as of many positions", () => {
  test("equals the plain fold's as of each, in whatever order they are requested", () => {
    let documents = 0;
    for (let seed = 1; seed <= randomRuns(60); seed++) {
      const history = randomHistory(seed, { maxEvents: 80 });
      const events = storedHistory(history);
      const random = randomSource(seed);
      const model = new LiveModel({ factsPerState: random.pick([1, 2, 5]) });
      take(model, events);
      const request = randomRequest(seed, history);
      const latest = model.view(request.cluster).headRecordedAt;
      for (let each = 0; each < 15; each++) {
        // All at the ledger's latest time, so that the window is the same one.
        const P = random.between(0, events.length);
        const view = viewAtTime(model.view(request.cluster, P), latest);
        const plain = plainClusterViewAt(rawHistory(events), request.cluster, P);
        const wanted = documentOf(viewAtTime(plain, latest), request);
        if (wanted !== "refused") documents++;
        expect(documentOf(view, request), `seed ${seed}, P ${P}`).toBe(wanted);
      }
    }
    expect(documents).toBeGreaterThan(randomRuns(60));
  });

  test("is folded once for all positions between two changes of an entity", () => {
    const day = 86_400_000;
    const begin = Date.UTC(2026, 2, 1);
    const events = storedHistory(
      Array.from({ length: 40 }, (_, i) => ({
        id: `00000000-0000-4000-8000-${1e11 + i}`,
        type: "NodeCommissioned" as const,
        occurredAt: formatInstant(begin + i * 1_000),
        recordedAt: formatInstant(begin + i * 1_000),
        data: { cluster: "c1", node: `n${(i % 10) + 10}` },
      })),
    );
    const model = new LiveModel();
    take(model, events);
    const window = { from: begin, to: begin + day };
    const nodesAt = (P: number) => [...model.view("c1", P).within(window).entities("node")];
    const before = nodesAt(20);
    const after = nodesAt(23);
    const same = before.map((node, i) => node === after[i]);
    // Events 21 to 23 are about the first three nodes.
    expect(same).toEqual([false, false, false, ...Array.from({ length: 7 }, () => true)]);
    expect(nodesAt(20)).toEqual(before);
  });
});
