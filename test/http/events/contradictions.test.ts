import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contradictory, contradictoryEvent } from "../../events/contradictory-events.ts";
import type { RealApp } from "../app/real-app.ts";
import { realApp } from "../app/real-app.ts";

let real: RealApp;
beforeAll(async () => {
  real = await realApp();
});
afterAll(() => real.close());

const events = contradictory.map((each, i) => contradictoryEvent(each, i + 1));
const wanted = contradictory.map(({ paths }) => paths);

interface Refusal {
  readonly code: string;
  readonly errors: readonly { readonly path: string }[];
}
const pathsOf = ({ errors }: Refusal) => errors.map(({ path }) => path);

async function post(payload: string, type: string, url = "/v1/events") {
  return await real.app.inject({ method: "POST", url, headers: { "content-type": type }, payload });
}

describe("an event that contradicts itself is refused, with the members named, whether sent as", () => {
  test("one event over HTTP", async () => {
    for (const [i, event] of events.entries()) {
      const answer = await post(JSON.stringify(event), "application/json");
      expect(answer.statusCode).toBe(400);
      expect(pathsOf(answer.json())).toEqual(wanted[i]);
    }
  });

  test("a list over HTTP", async () => {
    const answer = await post(JSON.stringify(events), "application/json");
    expect(answer.statusCode).toBe(207);
    const results = answer.json().results as { error: Refusal }[];
    expect(results.map(({ error }) => pathsOf(error))).toEqual(wanted);
  });

  test("NDJSON over HTTP", async () => {
    const lines = events.map((event) => JSON.stringify(event)).join("\n");
    const answer = await post(lines, "application/x-ndjson");
    const said = answer.body.trim().split("\n").slice(0, -1);
    expect(said.map((line) => pathsOf(JSON.parse(line).error))).toEqual(wanted);
  });

  test("the new data of a correction, as an event and at the address for corrections", async () => {
    const id = "99999999-0000-4000-8000-000000000001";
    const nodesDone = { cluster: "alpha", rollout: "r1", nodesDone: 1, nodesTotal: 4 };
    const first = { id, type: "RolloutProgressed", occurredAt: "2026-04-01T00:00:00Z" };
    await post(JSON.stringify({ ...first, data: nodesDone }), "application/json");
    const correction = { data: { ...nodesDone, nodesDone: 5 } };
    const sent = {
      ...first,
      id: "99999999-0000-4000-8000-000000000002",
      type: "FactCorrected",
      actor: "somebody",
      reason: "a test",
      data: { eventId: id, ...correction },
    };
    const asEvent = await post(JSON.stringify(sent), "application/json");
    expect(asEvent.statusCode).toBe(400);
    expect(pathsOf(asEvent.json())).toEqual(["/data/data/nodesDone", "/data/data/nodesTotal"]);
    const url = `/v1/events/${id}/corrections`;
    const body = JSON.stringify({ actor: "somebody", reason: "a test", ...correction });
    const there = await post(body, "application/json", url);
    expect(there.statusCode).toBe(400);
    expect(there.json().code).toBe("invalid-event");
    // There the body is the correction alone, and the places are its own, in the words too.
    expect(pathsOf(there.json())).toEqual(["/data/nodesDone", "/data/nodesTotal"]);
    expect(there.body).not.toContain("/data/data");
  });
});

describe("a correction of an override that would expire before it begins", () => {
  const id = "99999999-0000-4000-8000-000000000003";
  const data = {
    cluster: "alpha",
    rollout: "r1",
    role: "boss",
    nfzIds: ["freeze"],
    expiresAt: "2026-04-01T02:00:00Z",
  };
  let next = 10;

  async function correct(changes: object) {
    const sent = {
      id: `99999999-0000-4000-8000-0000000000${next++}`,
      type: "FactCorrected",
      occurredAt: "2026-04-02T00:00:00Z",
      actor: "somebody",
      reason: "a test",
      data: { eventId: id, ...changes },
    };
    return await post(JSON.stringify(sent), "application/json");
  }

  beforeAll(async () => {
    const granted = { id, type: "RolloutOverrideGranted", occurredAt: "2026-04-01T01:00:00Z" };
    const sent = { ...granted, actor: "somebody", reason: "a test", data };
    const { statusCode } = await post(JSON.stringify(sent), "application/json");
    if (statusCode !== 201) throw new Error(`the override is refused with ${statusCode}`);
  });

  test("is refused if its new data contradict the unchanged time", async () => {
    const answer = await correct({ data: { ...data, expiresAt: "2026-04-01T00:59:00Z" } });
    expect(pathsOf(answer.json())).toEqual(["/data/data/expiresAt"]);
    expect(answer.json().detail).toContain(
      "before the override begins, which this leaves as it is",
    );
  });

  test("is refused if its new time contradicts the unchanged data", async () => {
    const answer = await correct({ occurredAt: "2026-04-01T02:00:01Z" });
    expect(pathsOf(answer.json())).toEqual(["/data/occurredAt"]);
    expect(answer.json().detail).toContain("2026-04-01T02:00:00.000Z");
  });

  test("is refused if its new time and data contradict each other, and accepted if they fit", async () => {
    const moved = { occurredAt: "2026-04-01T05:00:00Z" };
    const bad = await correct({ ...moved, data: { ...data, expiresAt: "2026-04-01T04:00:00Z" } });
    expect(pathsOf(bad.json())).toEqual(["/data/data/expiresAt", "/data/occurredAt"]);
    const good = await correct({ ...moved, data: { ...data, expiresAt: "2026-04-01T06:00:00Z" } });
    expect(good.statusCode).toBe(201);
  });

  // By now it begins at 05:00 and expires at 06:00, whatever was stated at first.
  test("is compared with the corrected fact, not with what was first stated", async () => {
    const late = await correct({ occurredAt: "2026-04-01T06:00:01Z" });
    expect(pathsOf(late.json())).toEqual(["/data/occurredAt"]);
    expect(late.json().detail).toContain("expire at 2026-04-01T06:00:00.000Z");
    const between = await correct({ data: { ...data, expiresAt: "2026-04-01T04:00:00Z" } });
    expect(pathsOf(between.json())).toEqual(["/data/data/expiresAt"]);
    const earlier = await correct({ occurredAt: "2026-03-30T00:00:00Z" });
    expect(earlier.statusCode).toBe(201);
    // Before the stated beginning, and after the one that holds now.
    const honest = await correct({ data: { ...data, expiresAt: "2026-03-31T00:00:00Z" } });
    expect(honest.statusCode).toBe(201);
  });

  test("is compared with the earlier corrections in the same request", async () => {
    const sent = (number: number, changes: object) => ({
      id: `99999999-0000-4000-8000-0000000001${number}`,
      type: "FactCorrected",
      occurredAt: "2026-04-02T00:00:00Z",
      actor: "somebody",
      reason: "a test",
      data: { eventId: id, ...changes },
    });
    const lines = [
      sent(10, { occurredAt: "2026-03-31T00:00:01Z" }),
      // What was refused leaves nothing behind.
      sent(14, { data: { ...data, expiresAt: "2026-03-30T12:00:00Z" } }),
      sent(11, { data: { ...data, expiresAt: "2026-04-10T00:00:00Z" } }),
      sent(12, { occurredAt: "2026-04-09T00:00:00Z" }),
      sent(13, { data: { ...data, expiresAt: "2026-04-08T00:00:00Z" } }),
    ];
    const text = lines.map((line) => JSON.stringify(line)).join("\n");
    const said = (await post(text, "application/x-ndjson")).body.trim().split("\n").slice(0, -1);
    const statuses = said.map((line) => JSON.parse(line).status);
    expect(statuses).toEqual(["refused", "appended", "appended", "appended", "refused"]);
  });

  test("is compared with what a correction of a correction leaves", async () => {
    const first = await correct({ occurredAt: "2026-04-09T12:00:00Z" });
    const again = { eventId: first.json().id };
    const deep = (occurredAt: string) => ({ data: { eventId: id, occurredAt } });
    const late = await correct({ ...again, ...deep("2026-04-10T00:00:01Z") });
    expect(pathsOf(late.json())).toEqual(["/data/data/occurredAt"]);
    expect((await correct({ ...again, ...deep("2026-04-10T00:00:00Z") })).statusCode).toBe(201);
  });

  test("is answered with its original position when sent again, even after later corrections", async () => {
    const granted = { id, type: "RolloutOverrideGranted", occurredAt: "2026-04-01T01:00:00Z" };
    const sent = { ...granted, actor: "somebody", reason: "a test", data };
    expect((await post(JSON.stringify(sent), "application/json")).json().status).toBe("duplicate");
    const earlier = {
      id: "99999999-0000-4000-8000-000000000199",
      type: "FactCorrected",
      occurredAt: "2026-04-02T00:00:00Z",
      actor: "somebody",
      reason: "a test",
      data: { eventId: id, occurredAt: "2026-04-09T00:00:00Z" },
    };
    const text = JSON.stringify(earlier);
    expect((await post(text, "application/json")).statusCode).toBe(201);
    const both = {
      occurredAt: "2026-04-01T00:00:00Z",
      data: { ...data, expiresAt: "2026-04-01T00:30:00Z" },
    };
    expect((await correct(both)).statusCode).toBe(201);
    expect((await post(text, "application/json")).json().status).toBe("duplicate");
    const other = { ...earlier, data: { eventId: id, occurredAt: "2026-04-09T00:00:01Z" } };
    expect((await post(JSON.stringify(other), "application/json")).json().code).toBe("id-conflict");
  });
});
