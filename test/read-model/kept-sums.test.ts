/** A series that was summed up from integers is kept for other positions, as long as its nodes are the same. */
import { expect, test } from "vitest";
import { fleetBegins } from "../../bench/large-fleet.ts";
import { seriesInSteps } from "../../projections/figures/series/series.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import type { LiveModel } from "../../src/read-model/live/live-model.ts";
import { stepsAtOnce } from "../../src/turns.ts";
import { firstZones } from "../../src/zones/zones.ts";
import { modelAfter, takeStated } from "./fleet-model.ts";

const cluster = "cluster-1";
const day = (days: number) => fleetBegins + days * 86_400_000;
const edges = [day(5), day(10), day(15), day(20)];
const names = ["nis.raw", "mttr.meanMs"] as const;

const seriesOf = (view: Parameters<typeof seriesInSteps>[0]) =>
  seriesInSteps(view, edges, names, firstZones);

/** Asks for the series as of a position; `made` is told when it is computed. */
async function ask(model: LiveModel, P: number, made: () => void): Promise<unknown> {
  return await model.keptAnswer(cluster, P, {
    key: "series",
    terms: () => "",
    make: (view) => {
      made();
      return seriesOf(view);
    },
    bytesOf: () => 1_000,
  });
}

/** Nodes are lost from sight at an hour of a day. */
function lose(model: LiveModel, nodes: readonly number[], days: number): void {
  const events = nodes.map((node) => {
    const number = String(node).padStart(4, "0");
    const data = { cluster, node: `n${number}`, observer: "scraper" };
    const id = `00000000-0000-4000-8000-${String(days * 100).padStart(8, "0")}${number}`;
    const at = formatInstant(day(days));
    return { id, type: "NodeObservationLost", occurredAt: at, recordedAt: at, data };
  });
  takeStated(model, events);
}

test.each([
  { what: "nothing but a job", nodes: [], days: 0, again: 0 },
  { what: "one node of forty, after the window", nodes: [7], days: 40, again: 0 },
  { what: "one node, in the window", nodes: [7], days: 12, again: 1 },
  { what: "many nodes, after the window", nodes: [1, 2, 3, 4, 5, 6], days: 40, again: 1 },
])("when $what has changed, it is made $again times more", async ({ nodes, days, again }) => {
  const model = modelAfter(30);
  let made = 0;
  await ask(model, model.sequence, () => made++);
  if (nodes.length > 0) lose(model, nodes, days);
  else {
    const at = formatInstant(day(12));
    const data = { cluster, job: "late", nodes: ["n0001"] };
    const id = "00000000-0000-4000-8000-000000000001";
    takeStated(model, [{ id, type: "JobStarted", occurredAt: at, recordedAt: at, data }]);
  }
  const kept = await ask(model, model.sequence, () => made++);
  expect(kept).toEqual(stepsAtOnce(seriesOf(model.view(cluster))));
  expect(made).toBe(1 + again);
});
