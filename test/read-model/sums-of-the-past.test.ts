/** Sums over a long past are made from integers: no fact is read for them, and a short window does not pay for the past. */
import { describe, expect, test, vi } from "vitest";
import { fleetBegins } from "../../bench/large-fleet.ts";
import { seriesInSteps } from "../../projections/figures/series/series.ts";
import type { SeriesName } from "../../projections/figures/series/series.ts";
import type { LiveModel } from "../../src/read-model/live/live-model.ts";
import { stepsAtOnce } from "../../src/turns.ts";
import { firstZones } from "../../src/zones/zones.ts";
import { countedWork } from "../counted-work.ts";
import { modelAfter } from "./fleet-model.ts";

const dayMs = 86_400_000;
const day = (days: number) => fleetBegins + days * dayMs;
const raw: readonly SeriesName[] = ["nis.raw", "mttr.meanMs"];

/** A series of ten pieces. */
function series(model: LiveModel, from: number, to: number, names: readonly SeriesName[] = raw) {
  const edges = Array.from({ length: 11 }, (_, i) => from + Math.floor(((to - from) / 10) * i));
  return stepsAtOnce(seriesInSteps(model.view("cluster-1"), edges, names, firstZones));
}

describe("NIS and mean repair time of the whole past", () => {
  test("are the same as by folding facts, which are read then", () => {
    const model = modelAfter(60);
    const read = vi.spyOn(model.log, "unamendedFact");
    const integers = series(model, day(0), day(60));
    const typesRead = read.mock.calls.map(([sequence]) => model.log.typeOf(sequence));
    expect(typesRead.filter((type) => type.startsWith("Node"))).toEqual([]);
    const folded = series(model, day(0), day(60), [...raw, "nis.contractual"]);
    expect(read.mock.calls.length).toBeGreaterThan(500);
    expect(integers["nis.raw"]).toEqual(folded["nis.raw"]);
    expect(integers["mttr.meanMs"]).toEqual(folded["mttr.meanMs"]);
    expect(integers["mttr.meanMs"]?.every((ms) => (ms ?? 0) > 3_600_000)).toBe(true);
  });

  test("cost work that grows with the past, and no more than that", async () => {
    const workOf = async (days: number) => {
      const model = modelAfter(days);
      return await countedWork(() => void series(model, day(0), day(days)));
    };
    await workOf(50);
    const [short, long] = [await workOf(60), await workOf(240)];
    expect(long / short).toBeGreaterThan(3);
    expect(long / short).toBeLessThan(4.5);
  });
});

test("the same figures of two days cost the same work, however long the past is", async () => {
  const workOf = async (days: number) => {
    const model = modelAfter(days);
    return await countedWork(() => void series(model, day(days - 4), day(days - 2)));
  };
  await workOf(90);
  const [short, long] = [await workOf(100), await workOf(400)];
  expect(long / short).toBeLessThan(1.25);
});
