/** What jobs lost, by the plain fold and from folds that begin in the middle of a job. */
import { expect, test } from "vitest";
import { slaDocument } from "../../projections/document/sla-document.ts";
import type { ClusterView } from "../../projections/view.ts";
import type { StoredEvent } from "../../src/events/envelope.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { firstZones } from "../../src/zones/zones.ts";
import { randomSource } from "../histories/random-source.ts";
import type { RandomSource } from "../histories/random-source.ts";
import { History } from "../projections/history.ts";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import { soakRuns } from "../random-runs.ts";
import { take } from "./take.ts";

const day = 24;

/** One job over March, interrupted by faults of its node, and by whatever else. */
function longJob(random: RandomSource): History {
  const history = new History();
  history.add("NodeCommissioned", -day, { node: "a" });
  history.add("JobStarted", 0, { job: "j", nodes: ["a"] });
  const checkpoints: string[] = [];
  for (let at = 1; at < 25 * day; at += random.between(1, 20)) {
    const kind = random.pick(["checkpoint", "checkpoint", "pause", "nodes", "interrupt", "fault"]);
    if (kind === "checkpoint") {
      const checkpointId = `k-${at}`;
      history.add("JobCheckpointed", at, { job: "j", checkpointId, durationMs: 0 });
      checkpoints.push(checkpointId);
    } else if (kind === "pause") {
      history.add("JobPaused", at, { job: "j" });
      history.add("JobUnpaused", at + 0.5, { job: "j" });
    } else if (kind === "nodes") {
      history.add("JobNodesChanged", at, { job: "j", nodes: random.pick([["a"], ["a", "b"]]) });
    } else {
      const faultId = `f-${at}`;
      const own = { node: "a", faultId };
      if (kind === "fault") history.add("NodeFailed", at, { ...own, category: "hardware" });
      const cause = kind === "fault" ? { kind, ...own } : ({ kind: "user" } as const);
      history.add("JobInterrupted", at, { job: "j", cause: cause as { kind: "user" } });
      if (kind === "fault")
        history.add("NodeReturned", at + 0.5, { node: "a", faultIds: [faultId] });
      const last = checkpoints[random.between(0, Math.max(0, checkpoints.length - 1))];
      const from = random.pick(["latest", "latest", "start", "named"]);
      history.add("JobResumed", at + 0.5, {
        job: "j",
        ...(from === "start" ? { from } : {}),
        ...(from === "named" && last !== undefined ? { from: { checkpointId: last } } : {}),
      });
    }
  }
  history.reach(40 * day);
  return history;
}

test("what jobs lost is the plain fold's, whichever windows were asked for before", () => {
  let outages = 0;
  for (let seed = 1; seed <= soakRuns(200, 30); seed++) {
    const random = randomSource(seed);
    const history = longJob(random);
    const factsPerState = random.pick([1, 2, 5, 32]);
    const model = new LiveModel({ factsPerState, maxKeptTimelineBytes: 0 });
    take(model, history.events as readonly unknown[] as StoredEvent[]);
    const plain = plainClusterViewAt(history.events, "c", history.events.length);
    for (let i = 0; i < 8; i++) {
      const of = String(random.between(1, 31)).padStart(2, "0");
      const period = random.pick(["2026-03", `2026-03-${of}`]);
      const lostOf = (view: ClusterView) =>
        slaDocument(view, { period, zone: "UTC" }, firstZones).jobUptime;
      const wanted = lostOf(plain);
      expect(lostOf(model.view("c")), `seed ${seed}, ${period}`).toEqual(wanted);
      outages += wanted.outages.length;
    }
  }
  // Otherwise it would be a test of nothing.
  expect(outages).toBeGreaterThan(100);
});
