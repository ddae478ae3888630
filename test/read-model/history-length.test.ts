import { expect, test } from "vitest";
import { fleetBegins, fleetDays } from "../../bench/large-fleet.ts";
import type { StoredEvent } from "../../src/events/envelope.ts";
import { slaDocument } from "../../projections/document/sla-document.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { firstZones } from "../../src/zones/zones.ts";
import { countedWork } from "../counted-work.ts";
import { take } from "./take.ts";

const dayMs = 86_400_000;
const size = {
  clusters: 1,
  nodesPerCluster: 40,
  longJobs: 0,
  shortJobsPerDay: 1,
  lateShare: 0.02,
};

/** A fleet that has been there for so many days. */
function modelAfter(days: number): LiveModel {
  const model = new LiveModel({ segmentEvents: 2_048 });
  let sequence = 0;
  for (const day of fleetDays({ ...size, days })) {
    const events = day.map(({ id, type, occurredAt, recordedAt, data }) => ({
      id,
      type,
      schemaVersion: 1,
      stream: "any",
      revision: 0n,
      sequence: ++sequence,
      occurredAt: Date.parse(occurredAt),
      recordedAt: Date.parse(recordedAt),
      data,
      attribution: {},
    }));
    take(model, events as unknown as StoredEvent[]);
  }
  return model;
}

/** What the document of thirty days costs that end ten days before the last event, asked for the first time. */
async function costAfter(days: number): Promise<number> {
  const model = modelAfter(days);
  const to = fleetBegins + (days - 10) * dayMs;
  const period = `${new Date(to - 30 * dayMs).toISOString()}/${new Date(to).toISOString()}`;
  return await countedWork(() => {
    slaDocument(model.view("cluster-1"), { period, zone: "UTC" }, firstZones);
  });
}

test("the first document of a month costs the same work after a history four times as long", async () => {
  // What is computed once and kept is computed here.
  await costAfter(50);
  const short = await costAfter(60);
  const long = await costAfter(240);
  expect(long / short).toBeLessThan(1.25);
});
