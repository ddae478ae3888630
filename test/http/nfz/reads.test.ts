/** What is asked about no-fly zones over HTTP: in force at an instant, one by its id, the calendar feed. */
import ICAL from "ical.js";
import { describe, expect, test } from "vitest";
import type { NfzApp } from "./nfz-app.ts";
import { freeze, nfzApp, said, submitted, sundays, window } from "./nfz-app.ts";

const at = (instant: string, more = "") => `/v1/nfz/at?cluster=alpha&instant=${instant}${more}`;

async function withZones(): Promise<NfzApp> {
  const app = await nfzApp();
  // Two that touch are one stretch.
  const second = { from: window.to, to: "2026-04-15T16:00:00.000Z" };
  await app.post("/v1/nfz", { ...freeze, occurrences: [window, second] });
  await app.post("/v1/nfz", {
    ...freeze,
    nfz: "rack",
    clusters: ["alpha"],
    scope: { racks: ["r1"] },
    occurrences: [{ from: "2026-04-15T14:00:00Z", to: "2026-04-15T17:00:00Z" }],
  });
  return app;
}

describe("the no-fly zones in force at an instant", () => {
  test("are given with their interval, and with the next instant at which they change", async () => {
    await using app = await withZones();
    const frozen = {
      nfz: "freeze",
      from: window.from,
      to: "2026-04-15T16:00:00.000Z",
      inFlight: "pause",
      scope: null,
    };
    expect((await app.get(at("2026-04-15T13:30:00Z"))).body).toEqual({
      cluster: "alpha",
      at: "2026-04-15T13:30:00.000Z",
      asOf: { sequence: 7 },
      inForce: [frozen],
      nextChange: "2026-04-15T14:00:00.000Z",
      resolvedUntil: null,
    });
    const both = await app.get(at("2026-04-15T14:00:00Z"));
    expect(both.body).toMatchObject({
      inForce: [frozen, { nfz: "rack", scope: { racks: ["r1"] } }],
      nextChange: "2026-04-15T16:00:00.000Z",
    });
    expect((await app.get(at("2026-04-15T17:00:00Z"))).body).toMatchObject({
      inForce: [],
      nextChange: null,
    });
  });

  test("depend on the facts by that instant: what was declared or lifted later is not seen", async () => {
    await using app = await nfzApp();
    await app.post("/v1/nfz", {
      ...freeze,
      occurrences: [{ from: "2026-04-15T11:58:00Z", to: window.to }],
    });
    expect((await app.get(at("2026-04-15T11:59:00Z"))).body["inForce"]).toEqual([]);
    await app.post("/v1/nfz/freeze/lift", said);
    expect((await app.get(at("2026-04-15T12:00:00Z"))).body["inForce"]).toMatchObject([
      { nfz: "freeze" },
    ]);
    expect((await app.get(at("2026-04-15T12:00:01Z"))).body["inForce"]).toEqual([]);
  });

  test("are those in force now if no instant is given", async () => {
    await using app = await nfzApp();
    await app.post("/v1/nfz", { ...freeze, occurrences: [{ to: window.to }] });
    const { body } = await app.get("/v1/nfz/at?cluster=beta");
    expect(body).toMatchObject({ at: "2026-04-15T12:00:00.000Z", inForce: [{ nfz: "freeze" }] });
  });

  test("are those that affect the node or the rollout, if one is given", async () => {
    await using app = await withZones();
    await app.state("RolloutSubmitted", submitted("r", { targets: { racks: ["r2"] } }));
    const late = "2026-04-15T16:30:00Z";
    const names = async (more: string) => {
      const { body } = await app.get(at(late, more));
      return (body["inForce"] as { nfz: string }[]).map(({ nfz }) => nfz);
    };
    expect(await names("&node=n1")).toEqual(["rack"]);
    expect(await names("&node=n2")).toEqual([]);
    expect(await names("&rollout=r")).toEqual([]);
    const held = await app.get(at("2026-04-15T15:30:00Z", "&rollout=r"));
    expect(held.body).toMatchObject({
      inForce: [{ nfz: "freeze" }],
      nextChange: "2026-04-15T16:00:00.000Z",
    });
    for (const more of ["&node=n9", "&rollout=none"])
      expect((await app.get(at(late, more))).status).toBe(404);
    expect((await app.get("/v1/nfz/at?cluster=none")).status).toBe(404);
    expect((await app.get("/v1/nfz/at")).status).toBe(400);
  });

  test("are given with the instant up to which the rules' occurrences are recorded", async () => {
    await using app = await withZones();
    const recurring = { ...freeze, nfz: "sundays", occurrences: undefined, recurrence: sundays };
    await app.post("/v1/nfz", recurring);
    expect((await app.get(at("2026-04-15T18:00:00Z"))).body).toMatchObject({
      nextChange: "2026-04-19T00:30:00.000Z",
      resolvedUntil: "2027-05-24T00:30:00.000Z",
    });
  });

  test("are those known at an earlier sequence, if one is given", async () => {
    await using app = await withZones();
    expect((await app.get(at("2026-04-15T14:00:00Z", "&asOf=4"))).body).toMatchObject({
      asOf: { sequence: 4 },
      inForce: [],
    });
  });
});

test("one no-fly zone is given with its clusters; an unknown one is not found", async () => {
  await using app = await withZones();
  const { body } = await app.get("/v1/nfz/freeze?at=2026-04-15T13:00:00Z");
  expect(body).toMatchObject({
    nfz: "freeze",
    at: "2026-04-15T13:00:00.000Z",
    clusters: [
      { cluster: "alpha", inForce: true, inFlight: "pause", noFastPath: false },
      { cluster: "beta" },
    ],
  });
  expect(await app.get("/v1/nfz/none")).toMatchObject({
    status: 404,
    body: { code: "not-found", nfz: "none" },
  });
  expect((await app.get("/v1/nfz/rack?cluster=beta")).status).toBe(404);
});

describe("the calendar feed over HTTP", () => {
  interface Read {
    readonly uid: string;
    readonly sequence: number;
    readonly status: string | null;
    readonly start: string;
    readonly end: string;
  }

  /** Its events, as another's parser reads them. */
  async function read(app: NfzApp, query = ""): Promise<Read[]> {
    const { status, text, headers } = await app.raw(`/v1/nfz.ics${query}`);
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("text/calendar; charset=utf-8");
    for (const line of text.split("\r\n")) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
    return calendar.getAllSubcomponents("vevent").map((each) => {
      const event = new ICAL.Event(each);
      return {
        uid: event.uid,
        sequence: event.sequence,
        status: each.getFirstPropertyValue("status") as string | null,
        start: event.startDate.toJSDate().toISOString(),
        end: event.endDate.toJSDate().toISOString(),
      };
    });
  }

  test("has an event for each recorded occurrence, with the reason of its declaration", async () => {
    await using app = await nfzApp();
    const reason = `Quarter end; nobody touches anything, ${"please ".repeat(20)}🧊`;
    await app.post("/v1/nfz", { ...freeze, reason });
    expect(await read(app, "?cluster=alpha")).toEqual([
      {
        uid: "freeze.alpha.20260415T130000Z@fleetledger",
        sequence: 0,
        status: "CONFIRMED",
        start: window.from,
        end: window.to,
      },
    ]);
    expect(await read(app)).toHaveLength(2);
    const { text } = await app.raw("/v1/nfz.ics");
    const component = new ICAL.Component(ICAL.parse(text) as unknown[]);
    const described = component
      .getFirstSubcomponent("vevent")
      ?.getFirstPropertyValue("description");
    expect(described).toContain(reason);
  });

  test("counts the changes of each occurrence, and keeps skipped and dropped ones as cancelled", async () => {
    await using app = await nfzApp();
    const days = [15, 16, 17].map((day) => ({
      from: `2026-04-${day}T13:00:00.000Z`,
      to: `2026-04-${day}T15:00:00.000Z`,
    }));
    await app.post("/v1/nfz", { ...freeze, clusters: ["alpha"], occurrences: days });
    const [first, second] = days.map(({ from }) => from);
    const change = async (word: string, body: object) =>
      await app.post(`/v1/nfz/freeze/${word}`, { ...said, ...body });
    await change("extend", { occurrence: first, to: "2026-04-15T16:00:00Z" });
    await change("extend", { occurrence: first, to: "2026-04-15T17:00:00Z" });
    await change("skip", { occurrence: second });
    expect((await read(app)).map(({ sequence, status, end }) => [sequence, status, end])).toEqual([
      [2, "CONFIRMED", "2026-04-15T17:00:00.000Z"],
      [1, "CANCELLED", expect.any(String)],
      [0, "CONFIRMED", "2026-04-17T15:00:00.000Z"],
    ]);
    await change("cancel", {});
    expect((await read(app)).map(({ sequence, status }) => [sequence, status])).toEqual([
      [3, "CANCELLED"],
      [2, "CANCELLED"],
      [1, "CANCELLED"],
    ]);
  });

  test("begins 30 days ago, or covers the requested window", async () => {
    await using app = await nfzApp();
    const occurrence = (from: string, to: string) => ({ from, to });
    await app.state("NfzDeclared", {
      nfz: "old",
      cluster: "alpha",
      inFlight: "finish",
      occurrences: [
        occurrence("2026-03-10T00:00:00Z", "2026-03-11T00:00:00Z"),
        occurrence("2026-03-16T00:00:00Z", "2026-03-17T00:00:00Z"),
        occurrence("2026-07-01T00:00:00Z", "2026-07-02T00:00:00Z"),
      ],
    });
    const starts = async (query: string) =>
      (await read(app, query)).map(({ start }) => start.slice(0, 10));
    expect(await starts("")).toEqual(["2026-03-16", "2026-07-01"]);
    expect(await starts("?from=2026-03-01T00:00:00Z&to=2026-07-01T00:00:00Z")).toEqual([
      "2026-03-10",
      "2026-03-16",
    ]);
  });

  test("is not sent again to a client that already has it", async () => {
    await using app = await nfzApp();
    await app.post("/v1/nfz", freeze);
    const { headers } = await app.raw("/v1/nfz.ics");
    const again = await app.raw("/v1/nfz.ics", { "if-none-match": String(headers["etag"]) });
    expect(again).toMatchObject({ status: 304, text: "" });
    await app.post("/v1/nfz/freeze/cancel", said);
    const changed = await app.raw("/v1/nfz.ics", { "if-none-match": String(headers["etag"]) });
    expect(changed.status).toBe(200);
  });
});
