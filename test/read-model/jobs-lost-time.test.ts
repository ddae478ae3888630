/** What an outage lost of a job, whole, from folds that begin in the middle of the job. */
import { expect, test } from "vitest";
import { slaDocument } from "../../projections/document/sla-document.ts";
import type { ClusterView } from "../../projections/view.ts";
import type { StoredEvent } from "../../src/events/envelope.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { firstZones } from "../../src/zones/zones.ts";
import { dayMs, History } from "../projections/history.ts";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import { take } from "./take.ts";

const day = 24;

interface Case {
  readonly name: string;
  /** What happens in the month before the outage. */
  readonly before: (history: History) => void;
  readonly from?: "start";
  readonly lostDays: number;
}

const cases: Case[] = [
  {
    name: "since the start, whatever pauses there were",
    before: (history) => {
      for (let i = 0; i < 40; i++) {
        history.add("JobPaused", -30 * day + 2 * i, { job: "j" });
        history.add("JobUnpaused", -30 * day + 2 * i + 1, { job: "j" });
      }
    },
    lostDays: 41 - 40 / 24,
  },
  {
    name: "since the start, on as many nodes as were held",
    before: (history) => {
      for (let i = 0; i < 80; i++)
        history.add("JobNodesChanged", -30 * day + 2 * i, {
          job: "j",
          nodes: i % 2 === 0 ? ["a", "b"] : ["a"],
        });
    },
    lostDays: 41 + 80 / 24,
  },
  {
    name: "since the start, where it resumes from there in spite of its checkpoints",
    before: (history) => {
      for (let i = 0; i < 200; i++)
        history.add("JobCheckpointed", -39 * day + i / 10, {
          job: "j",
          checkpointId: `k-${i}`,
          durationMs: 0,
        });
    },
    from: "start",
    lostDays: 41,
  },
];

test.each(cases)("is lost $name", ({ before, from, lostDays }) => {
  const history = new History();
  history.add("NodeCommissioned", -100 * day, { node: "a" });
  history.add("JobStarted", -40 * day, { job: "j", nodes: ["a"] });
  before(history);
  history.add("NodeFailed", day, { node: "a", faultId: "f", category: "hardware" });
  const cause = { kind: "fault", node: "a", faultId: "f" } as const;
  history.add("JobInterrupted", day, { job: "j", cause });
  history.add("NodeReturned", 2 * day, { node: "a", faultIds: ["f"] });
  history.add("JobResumed", 2 * day, { job: "j", ...(from === undefined ? {} : { from }) });
  history.reach(40 * day);
  const lostOf = (view: ClusterView, period = "2026-03") =>
    slaDocument(view, { period, zone: "UTC" }, firstZones).jobUptime.outages[0]?.lostNodeMs;
  const model = new LiveModel({ maxKeptTimelineBytes: 0 });
  take(model, history.events as readonly unknown[] as StoredEvent[]);
  // A later day folds the job first, and leaves states from which the month is folded.
  lostOf(model.view("c"), "2026-03-20");
  const plain = lostOf(plainClusterViewAt(history.events, "c", history.events.length));
  expect(plain).toBe(Math.round(lostDays * dayMs));
  expect(lostOf(model.view("c"))).toBe(plain);
});
