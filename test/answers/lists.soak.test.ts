/** Lists of random histories, out of the live model in whatever state earlier answers left it. */
import { describe, expect, test } from "vitest";
import { slaDocument } from "../../projections/document/sla-document.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { firstZones } from "../../src/zones/zones.ts";
import { randomHistory } from "../histories/random-history.ts";
import { randomRequest } from "../histories/random-request.ts";
import { randomSource } from "../histories/random-source.ts";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import { soakRuns } from "../random-runs.ts";
import { rawHistory, storedHistory } from "../read-model/stored-history.ts";
import { take } from "../read-model/take.ts";
import { listsOf } from "./lists-of.ts";

const runs = soakRuns(3_000, 200);

describe("the lists made from a random history", () => {
  test("are the same from the live model, which folds only what a list needs, as from the plain fold of everything", () => {
    let rows = 0;
    for (let seed = 1; seed <= runs; seed++) {
      const history = randomHistory(seed, { maxEvents: 120 });
      const events = storedHistory(history);
      const random = randomSource(seed);
      const model = new LiveModel({
        factsPerState: random.pick([1, 2, 5]),
        segmentEvents: random.pick([8, 1_000]),
        maxKeptTimelineBytes: random.pick([0, 4_000, 1_000_000]),
        maxKeptPastTimelineBytes: random.pick([0, 4_000, 1_000_000]),
      });
      for (const half of [events.slice(0, events.length >> 1), events.slice(events.length >> 1)]) {
        take(model, half);
        for (let each = 0; each < 4; each++) {
          const { cluster, period, zone } = randomRequest(seed * 4 + each, history);
          const P = random.pick([model.sequence, random.between(0, model.sequence)]);
          const query = random.pick([{}, { period, zone }, { period, zone }]);
          const event = events[random.between(0, events.length - 1)];
          const later = random.pick([-1, 0, 1, 3_600_000, 20 * 86_400_000]);
          const at = (event?.occurredAt ?? 0) + later;
          const live = listsOf(model.view(cluster, P), query, at);
          const plain = listsOf(plainClusterViewAt(rawHistory(events), cluster, P), query, at);
          expect(live, `seed ${seed}, P ${P}, ${JSON.stringify(query)} at ${at}`).toEqual(plain);
          if (typeof live !== "string")
            rows += live.nodes.length + live.faults.length + live.jobs.length;
        }
      }
    }
    expect(rows).toBeGreaterThan(runs);
  });

  test("have the faults and the jobs of the SLA document of the same window", () => {
    let documents = 0;
    for (let seed = 1; seed <= soakRuns(200, 60); seed++) {
      const history = randomHistory(seed, { maxEvents: 120 });
      const events = rawHistory(storedHistory(history));
      const { cluster, period, zone } = randomRequest(seed, history);
      const view = plainClusterViewAt(events, cluster, events.length);
      const lists = listsOf(view, { period, zone }, 0);
      if (typeof lists === "string") continue;
      documents++;
      const { mttr, jobUptime } = slaDocument(view, { period, zone }, firstZones);
      const open = lists.faults.filter(({ outcome }) => outcome === "open");
      expect(
        open.map(({ faultId, node, since, durationMs, overTarget }) => ({
          faultId,
          node,
          since,
          ageMs: durationMs,
          overTarget,
        })),
        `seed ${seed}`,
      ).toEqual(mttr.open);
      const count = (outcome: string) =>
        lists.faults.filter((row) => row.outcome === outcome).length;
      expect(count("repaired")).toBe(mttr.faultsClosed);
      expect(count("censored")).toBe(mttr.censored.length);
      const figures = lists.jobs.map(
        ({
          cluster: _c,
          state: _s,
          nodes: _n,
          startedAt: _b,
          endedAt: _e,
          outcome: _o,
          interruption: _i,
          ...row
        }) => row,
      );
      expect(figures).toEqual(jobUptime.jobs);
    }
    expect(documents).toBeGreaterThan(50);
  });
});
