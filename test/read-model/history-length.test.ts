import { describe, expect, test } from "vitest";
import { fleetBegins } from "../../bench/large-fleet.ts";
import { slaDocument } from "../../projections/document/sla-document.ts";
import { seriesInSteps } from "../../projections/figures/series/series.ts";
import type { ClusterView } from "../../projections/view.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import type { Subject } from "../../projections/facts/subject.ts";
import { FoldingBudget, RequestSubjects } from "../../src/http/submissions/made-findings.ts";
import type { LiveModel } from "../../src/read-model/live/live-model.ts";
import { slaDocumentInSteps, termsOf } from "../../src/reports/figures.ts";
import type { Steps } from "../../src/turns.ts";
import { firstZones } from "../../src/zones/zones.ts";
import { countedWork } from "../counted-work.ts";
import { modelAfter, takeStated } from "./fleet-model.ts";

const dayMs = 86_400_000;
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

describe("after one more event,", () => {
  const cluster = "cluster-1";
  const day = (days: number) => fleetBegins + days * dayMs;

  /** A node is lost when the last day is over. */
  function oneMore(model: LiveModel, days: number) {
    const at = formatInstant(day(days + 2));
    const data = { cluster, node: "n0007", observer: "scraper" };
    const id = `00000000-0000-4000-8000-${String(1e11 + days)}`;
    const event = { id, type: "NodeObservationLost", occurredAt: at, recordedAt: at, data };
    takeStated(model, [event]);
    return event;
  }

  /** The work of an answer that was given before that event, with how often it was computed. */
  async function workAfter(
    days: number,
    make: (view: ClusterView, days: number) => Steps<unknown>,
  ) {
    const model = modelAfter(days);
    const period = `${formatInstant(day(days - 65))}/${formatInstant(day(days - 35))}`;
    let made = 0;
    const ask = async () =>
      await model.keptAnswer(cluster, model.sequence, {
        key: period,
        terms: (view) => termsOf(view, { period, zone: "UTC" }),
        make: (view) => {
          made++;
          return make(view, days);
        },
        bytesOf: () => 1_000,
      });
    const workToMake = await countedWork(async () => void (await ask()));
    oneMore(model, days);
    made = 0;
    const work = await countedWork(async () => void (await ask()));
    return { work, workToMake, made };
  }

  function* document(view: ClusterView, days: number): Steps<unknown> {
    const period = `${formatInstant(day(days - 65))}/${formatInstant(day(days - 35))}`;
    return yield* slaDocumentInSteps(view, { period, zone: "UTC" });
  }

  test("a document of thirty days that are over is looked at again and not made, for a fiftieth of the work, whatever the history's length", async () => {
    for (const days of [70, 280]) {
      const { made, work, workToMake } = await workAfter(days, document);
      expect({ days, made }).toEqual({ days, made: 0 });
      expect(work * 50, `${days} days`).toBeLessThan(workToMake);
    }
  });

  test("a series up to now costs the same work, whatever the history's length", async () => {
    const edges = (days: number) => Array.from({ length: 31 }, (_, i) => day(days - 29 + i));
    const series = (view: ClusterView, days: number) =>
      seriesInSteps(view, edges(days), ["nis.contractual", "ettr"], firstZones);
    const short = await workAfter(70, series);
    const long = await workAfter(280, series);
    expect(short.made).toBeGreaterThan(0);
    expect(long.work / short.work).toBeLessThan(1.25);
  });

  test("the nodes of a window are listed anew by folding the one that changed", async () => {
    const model = modelAfter(60);
    const window = { from: day(20), to: day(80) };
    const nodes = () => [...model.view(cluster).within(window).entities("node")];
    const list = model.view(cluster).within(window).entities("node");
    const before = nodes();
    oneMore(model, 60);
    const after = nodes();
    expect(after.filter((node, i) => node !== before[i]).map(({ node }) => node)).toEqual([
      "n0007",
    ]);
    expect([...list]).toEqual(before);
  });

  test("its findings are looked for with the same work, whatever the history's length", async () => {
    const workOf = async (days: number) => {
      const model = modelAfter(days);
      const ledger = {
        sequence: () => model.sequence,
        waitFor: () => Promise.resolve(),
        view: (name: string, sequence?: number) => model.view(name, sequence),
        factCount: (subject: Subject, from = -Infinity) => model.factCount(subject, from),
        movedBy: () => [],
      };
      const event = oneMore(model, days);
      const { sequence } = model;
      const subjects = new RequestSubjects();
      subjects.note(
        [event],
        [{ status: "appended", id: event.id, sequence, stream: "", revision: 0n }],
      );
      return await countedWork(async () => {
        const { isWhole } = await subjects.findings(ledger, new FoldingBudget());
        expect(isWhole).toBe(true);
      });
    };
    await workOf(60);
    const [short, long] = [await workOf(60), await workOf(240)];
    expect(long / short).toBeLessThan(1.25);
  });
});
