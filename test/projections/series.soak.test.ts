/** Time series: every value is the figure of its bucket taken alone, and the sums add up to the window's. */
import { take } from "../read-model/take.ts";
import { describe, expect, test } from "vitest";
import { plainClusterViewAt } from "./plain-view-at.ts";
import { resolveRequest } from "../../projections/document/entry/inputs.ts";
import { slaDocument } from "../../projections/document/sla-document.ts";
import { asPolicy, policyFactOf } from "../../projections/figures/exclusions/policy.ts";
import type { SeriesName } from "../../projections/figures/series/series.ts";
import { seriesFigures, seriesInSteps } from "../../projections/figures/series/series.ts";
import { bucketEdges, bucketNames, isBucketEdge } from "../../projections/time/buckets.ts";
import { zoneNamed } from "../../projections/time/period.ts";
import { RefusedRequest } from "../../projections/time/refused-request.ts";
import type { ClusterView } from "../../projections/view.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { firstZones } from "../../src/zones/zones.ts";
import { randomHistory } from "../histories/random-history.ts";
import { randomRequest } from "../histories/random-request.ts";
import { randomSource } from "../histories/random-source.ts";
import { soakRuns } from "../random-runs.ts";
import { rawHistory, storedHistory } from "../read-model/stored-history.ts";
import { iso } from "./history.ts";
import { stepsAtOnce } from "../../src/turns.ts";

const names = Object.keys(seriesFigures) as SeriesName[];
/** Those for which nodes may be summed up from integers: without exclusions, and not of jobs. */
const rawNames = names.filter(
  (name) => /^(nis|mttr)\./.test(name) && !/contractual|excluded/.test(name),
);

/** The same figures out of the document of a window. */
function ofDocument(view: ClusterView, from: number, to: number): Record<string, number | null> {
  const period = `${iso(from)}/${iso(to)}`;
  const { nis, mttr, jobUptime } = slaDocument(view, { period }, firstZones);
  const { uptime, contractual, runningNodeMs, interruptedNodeMs, keptNodeMs, lostNodeMs } =
    jobUptime;
  return {
    "nis.contractual": nis.contractual,
    "nis.raw": nis.raw,
    "nis.memberNodeMs": nis.memberNodeMs,
    "nis.inServiceNodeMs": nis.inServiceNodeMs,
    "nis.downNodeMs": nis.downNodeMs,
    "nis.maintenanceNodeMs": nis.maintenanceNodeMs,
    "nis.unknownNodeMs": nis.unknownNodeMs,
    "nis.excludedNodeMs": nis.excludedNodeMs,
    "mttr.faultsOpened": mttr.faultsOpened,
    "mttr.faultsClosed": mttr.faultsClosed,
    "mttr.meanMs": mttr.meanMs,
    "jobUptime.contractual": contractual,
    "jobUptime.uptime": uptime,
    "jobUptime.runningNodeMs": runningNodeMs,
    "jobUptime.interruptedNodeMs": interruptedNodeMs,
    "jobUptime.keptNodeMs": keptNodeMs,
    "jobUptime.lostNodeMs": lostNodeMs,
    ettr: jobUptime.ettr,
    crashes: jobUptime.crashes,
  };
}

function windowOf(view: ClusterView, period: string, zone: string | undefined) {
  try {
    return resolveRequest(view, { period, zone }, firstZones);
  } catch (error) {
    if (error instanceof RefusedRequest) return null;
    throw error;
  }
}

describe("the series of a random history", () => {
  test("gives each bucket the figures of that bucket's document, and adds up to those of the whole window", () => {
    let [values, excluded] = [0, 0];
    for (let seed = 1; seed <= soakRuns(150, 100); seed++) {
      const history = randomHistory(seed, { maxEvents: 120 });
      const events = storedHistory(history);
      const random = randomSource(seed);
      const request = randomRequest(seed, history);
      const plain = plainClusterViewAt(rawHistory(events), request.cluster, events.length);
      const window = windowOf(plain, request.period, request.zone);
      if (window === null) continue;
      const zone = zoneNamed(window.zone, firstZones);
      const bucket = random.pick(bucketNames);
      const edges = bucketEdges(window, bucket, zone, 60) ?? [window.from, window.to];
      const model = new LiveModel({ factsPerState: random.pick([1, 3, 24]) });
      take(model, events);
      const [series, ofIntegers] = [names, rawNames].map((each) =>
        stepsAtOnce(seriesInSteps(model.view(request.cluster), edges, each, firstZones)),
      );
      const whole = ofDocument(plain, window.from, window.to);
      for (const [i, from] of edges.slice(0, -1).entries()) {
        const to = edges[i + 1] ?? 0;
        const alone = ofDocument(plain, from, to);
        const here = Object.fromEntries(names.map((name) => [name, series?.[name]?.[i]]));
        expect(here, `seed ${seed}, ${bucket} from ${iso(from)}`).toEqual(alone);
        for (const name of rawNames) {
          const what = `seed ${seed}, ${bucket} from ${iso(from)}, ${name} without exclusions`;
          expect(ofIntegers?.[name]?.[i], what).toBe(alone[name]);
        }
        values++;
        if ((alone["nis.excludedNodeMs"] ?? 0) > 0) excluded++;
      }
      // Where the policy's zone changes, the months of a bucket may be others than those of the window.
      const zones = edges.slice(1).map((to, i) => {
        return asPolicy(policyFactOf(plain.policies, { from: edges[i] ?? 0, to })).zone;
      });
      const isOneZone = new Set(zones).size <= 1;
      const sums = names.filter(
        (name) =>
          /NodeMs$|Opened$|Closed$|^crashes$/.test(name) &&
          (isOneZone || name !== "nis.excludedNodeMs"),
      );
      for (const name of sums) {
        const sum = (series?.[name] ?? []).reduce<number>(
          (total, value) => total + (value ?? 0),
          0,
        );
        expect(sum, `seed ${seed}, ${name}`).toBe(whole[name]);
      }
    }
    expect([values > 500, excluded > 20]).toEqual([true, true]);
  });
});

describe("buckets", () => {
  const edgesOf = (from: string, to: string, bucket: (typeof bucketNames)[number], zone: string) =>
    bucketEdges(
      { from: Date.parse(from), to: Date.parse(to) },
      bucket,
      zoneNamed(zone, firstZones),
      100,
    )?.map(iso);

  test("are calendar days of the zone, with 23 and 25 hours where its clocks change, cut by the window", () => {
    expect(edgesOf("2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z", "1d", "Europe/Berlin")).toEqual([
      "2026-03-28T12:00:00.000Z",
      "2026-03-28T23:00:00.000Z",
      "2026-03-29T22:00:00.000Z",
      "2026-03-30T12:00:00.000Z",
    ]);
  });

  test("are hours from the first instant of each day, so a day of 25 hours has one more", () => {
    const edges = edgesOf("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "6h", "Europe/Berlin");
    expect(edges?.map((edge) => edge.slice(5, 16))).toEqual([
      "10-24T22:00",
      "10-25T04:00",
      "10-25T10:00",
      "10-25T16:00",
      "10-25T22:00",
      "10-25T23:00",
    ]);
  });

  test("are weeks from Monday on, and months", () => {
    expect(edgesOf("2026-03-01T00:00:00Z", "2026-03-15T00:00:00Z", "1w", "UTC")).toEqual([
      "2026-03-01T00:00:00.000Z",
      "2026-03-02T00:00:00.000Z",
      "2026-03-09T00:00:00.000Z",
      "2026-03-15T00:00:00.000Z",
    ]);
    expect(edgesOf("2026-01-31T00:00:00Z", "2026-03-01T00:00:00Z", "1mo", "UTC")).toEqual([
      "2026-01-31T00:00:00.000Z",
      "2026-02-01T00:00:00.000Z",
      "2026-03-01T00:00:00.000Z",
    ]);
  });

  test("are not computed beyond the number asked for", () => {
    const zone = zoneNamed("UTC", firstZones);
    const day = { from: 0, to: 86_400_000 };
    expect(bucketEdges(day, "1h", zone, 24)).toHaveLength(25);
    expect(bucketEdges(day, "1h", zone, 23)).toBeNull();
    expect([isBucketEdge(0, "1d", zone), isBucketEdge(1, "1d", zone)]).toEqual([true, false]);
  });
});
