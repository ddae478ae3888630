/** What the windows of a month have in common is computed for the first of them. */
import { expect, test } from "vitest";
import { fleetBegins } from "../../bench/large-fleet.ts";
import { excludedParts } from "../../projections/figures/exclusions/exclusions.ts";
import { Asked, askedView } from "../../src/read-model/live/asked-view.ts";
import type { ClusterView } from "../../projections/view.ts";
import { zoneTransitions } from "../../src/zones/zones.ts";
import { countedWork } from "../counted-work.ts";
import { modelAfter } from "./fleet-model.ts";

const dayMs = 86_400_000;
const noon = (day: number) => fleetBegins + (day + 0.5) * dayMs;

test("the claims on a month's allowance are put in order and granted for the first of its windows", async () => {
  const zone = zoneTransitions("UTC");
  if (zone === null) throw new Error("there is no UTC");
  const both = { from: fleetBegins, to: fleetBegins + 59 * dayMs };
  const view = modelAfter(62).view("cluster-1");
  const parts: number[] = [];
  // As long as somebody holds the first answer's view.
  const views: ClusterView[] = [];
  const costOf = async (day: number) =>
    await countedWork(() => {
      // Each request asks a view of its own.
      const asked = askedView(view, new Asked()).within(both);
      views.push(asked);
      let count = 0;
      excludedParts(asked, { from: noon(day), to: noon(day + 3) }, zone, () => count++);
      parts.push(count);
    });
  // The timelines are folded for January.
  await costOf(12);
  const first = await costOf(40);
  const others = [await costOf(41), await costOf(43)];
  expect(views).toHaveLength(4);
  expect(Math.min(...parts)).toBeGreaterThan(0);
  expect(Math.max(...others) / first).toBeLessThan(0.3);
});
