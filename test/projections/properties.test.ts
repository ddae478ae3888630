import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RawEvent } from "../../projections/facts/effective-facts.ts";
import { jobUptimeIn } from "../../projections/figures/jobs/job-uptime.ts";
import { mttrIn } from "../../projections/figures/repair/mttr.ts";
import { nodeTimeIn } from "../../projections/figures/node-time.ts";
import { plainClusterViewAt } from "./plain-view-at.ts";
import { slaDocument } from "../../projections/document/sla-document.ts";
import { randomRuns } from "../random-runs.ts";
import { begin, hour, hourMs, idOf, iso, zones } from "./history.ts";

/** Few instants and few names, so that much happens at once and contradicts itself. */
const at = fc.nat(12).map((hours) => begin + hours * hourMs);
const node = fc.constantFrom("a", "b");
const fact = fc.oneof(
  fc.record({
    type: fc.constantFrom(
      "NodeCommissioned",
      "NodeDecommissioned",
      "NodeObservationLost",
      "NodeObservationRestored",
    ),
    data: fc.record({ node }),
  }),
  fc.record({
    type: fc.constant("NodeFailed"),
    data: fc.record({
      node,
      faultId: fc.constantFrom("f", "g"),
      category: fc.constantFrom("hardware", "human"),
    }),
  }),
  fc.record({
    type: fc.constant("NodeReturned"),
    data: fc.record({ node, faultIds: fc.subarray(["f", "g", "h"]) }),
  }),
  fc.record({
    type: fc.constantFrom("NodeMaintenanceStarted", "NodeMaintenanceEnded"),
    data: fc.record({ node, maintenanceId: fc.constantFrom("m", "n") }),
  }),
  fc.record({
    type: fc.constantFrom("JobStarted", "JobNodesChanged"),
    data: fc.record({ job: fc.constant("j"), nodes: fc.subarray(["a", "b", "c"]) }),
  }),
  fc.record({
    type: fc.constant("JobCheckpointed"),
    data: fc.record({
      job: fc.constant("j"),
      checkpointId: fc.constantFrom("k", "l"),
      durationMs: fc.nat(3 * hourMs),
    }),
  }),
  fc.record({
    type: fc.constant("JobInterrupted"),
    data: fc.record({
      job: fc.constant("j"),
      cause: fc.record({ kind: fc.constantFrom("fault", "user", "software") }),
    }),
  }),
  fc.record({
    type: fc.constantFrom("JobResumed", "JobPaused", "JobUnpaused"),
    data: fc.record({ job: fc.constant("j") }),
  }),
  fc.record({
    type: fc.constant("JobFinished"),
    data: fc.record({ job: fc.constant("j"), outcome: fc.constantFrom("completed", "failed") }),
  }),
  fc.record({
    type: fc.constantFrom("RolloutStarted", "RolloutUnblocked", "RolloutFailed"),
    data: fc.record({ rollout: fc.constant("r") }),
  }),
  fc.record({
    type: fc.constant("RolloutBlocked"),
    data: fc.record({ rollout: fc.constant("r"), nfzIds: fc.subarray(["x", "y"]) }),
  }),
  fc.record({
    type: fc.constantFrom("NfzLifted", "NfzCancelled"),
    data: fc.record({ nfz: fc.constant("x") }),
  }),
  fc.record({
    type: fc.constant("NfzDeclared"),
    data: fc.record({
      nfz: fc.constantFrom("x", "y"),
      occurrences: fc.constant([{ from: iso(hour(2)), to: iso(hour(6)) }]),
    }),
  }),
);

/** Facts with their ids, in the order of the first arrival. All are recorded at one instant, so that any order may be. */
const facts = fc.array(fc.tuple(fact, at), { maxLength: 40 }).map((list) =>
  list.map(([{ type, data }, occurredAt], i) => ({
    type,
    id: idOf(i + 1),
    occurredAt,
    recordedAt: begin + 20 * hourMs,
    data: { cluster: "c", ...data },
  })),
);

function arriving(list: readonly object[]): RawEvent[] {
  return list.map((each, i) => ({ ...each, sequence: i + 1 })) as unknown as RawEvent[];
}

function viewOf(list: readonly object[]) {
  return plainClusterViewAt(arriving(list), "c", list.length);
}

const whole = { period: `${iso(hour(1))}/${iso(hour(11))}`, zone: "UTC" };

describe("figures", () => {
  it("do not depend on the order of arrival, even with many facts in one millisecond", () => {
    const shuffled = facts
      .filter((list) => list.length > 0)
      .chain((list) =>
        fc.tuple(
          fc.constant(list),
          fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        expect(slaDocument(viewOf(other), whole, zones)).toEqual(
          slaDocument(viewOf(list), whole, zones),
        );
      }),
      { numRuns: randomRuns(200) },
    );
  });

  it("of a window are the sums of its parts", () => {
    fc.assert(
      fc.property(facts, fc.integer({ min: 2, max: 10 }), (list, cut) => {
        const view = viewOf(list);
        const parts = [
          [1, cut],
          [cut, 11],
        ] as const;
        const sumOf = (figure: (from: number, to: number) => number) =>
          parts.reduce((sum, [from, to]) => sum + figure(hour(from), hour(to)), 0);
        const nodeTime = (from: number, to: number) =>
          nodeTimeIn(view.entities("node"), { from, to });
        const mttr = (from: number, to: number) => mttrIn(view.entities("node"), { from, to }, 1);
        const jobs = (from: number, to: number) =>
          jobUptimeIn(view.entities("job"), { from, to }, 0.9);
        const additive = [
          (from: number, to: number) => nodeTime(from, to).memberNodeMs,
          (from: number, to: number) => nodeTime(from, to).inServiceNodeMs,
          (from: number, to: number) => nodeTime(from, to).downNodeMs,
          (from: number, to: number) => mttr(from, to).faultsOpened,
          (from: number, to: number) => mttr(from, to).faultsClosed,
          (from: number, to: number) => jobs(from, to).runningNodeMs,
          (from: number, to: number) => jobs(from, to).interruptedNodeMs,
          (from: number, to: number) => jobs(from, to).lostNodeMs,
          (from: number, to: number) => jobs(from, to).keptNodeMs,
          (from: number, to: number) => jobs(from, to).interruptions,
        ];
        for (const figure of additive) expect(sumOf(figure)).toBe(figure(hour(1), hour(11)));
      }),
      { numRuns: randomRuns(100) },
    );
  });

  it("of a document do not depend on facts after the window", () => {
    fc.assert(
      fc.property(facts, (list) => {
        const view = viewOf(list);
        for (const timeline of view.entities("node")) {
          const seen = list.filter((each) => each.occurredAt < hour(8));
          const before = viewOf(seen).entity("node", timeline.node);
          const window = { from: begin, to: hour(8) };
          expect(before === null ? 0 : nodeTimeIn([before], window).downNodeMs).toBe(
            nodeTimeIn([timeline], window).downNodeMs,
          );
        }
      }),
      { numRuns: randomRuns(100) },
    );
  });
});

describe("intervals partition time exactly:", () => {
  it("a node's states partition its memberships", () => {
    fc.assert(
      fc.property(facts, (list) => {
        for (const { segments, memberships } of viewOf(list).entities("node")) {
          for (const { from, to } of memberships) {
            const own = segments.filter(
              (each) => each.from >= from && each.to <= to && each.from < to,
            );
            let reached = from;
            for (const segment of own) {
              expect(segment.from).toBe(reached);
              expect(segment.to).toBeGreaterThan(segment.from);
              reached = segment.to;
            }
            expect(reached).toBe(to);
          }
        }
      }),
      { numRuns: randomRuns(200) },
    );
  });

  it("a job's kept, checkpointing and lost time partition its running time, and attribution partitions what was lost", () => {
    fc.assert(
      fc.property(facts, (list) => {
        const window = { from: hour(1), to: hour(11) };
        const figure = jobUptimeIn(viewOf(list).entities("job"), window, 0.9);
        const { keptNodeMs, checkpointingNodeMs, lostNodeMs, runningNodeMs, attribution } = figure;
        expect(keptNodeMs + checkpointingNodeMs + lostNodeMs).toBe(runningNodeMs);
        const causes = Object.values(attribution);
        expect(causes.reduce((sum, each) => sum + each.lostNodeMs, 0)).toBe(lostNodeMs);
        expect(causes.reduce((sum, each) => sum + each.interruptedNodeMs, 0)).toBe(
          figure.interruptedNodeMs,
        );
      }),
      { numRuns: randomRuns(200) },
    );
  });
});
