/** The commands on no-fly zones over HTTP: statuses, headers and bodies as the API describes them. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NfzApp } from "./nfz-app.ts";
import { freeze, nfzApp, said, submitted, sundays, window } from "./nfz-app.ts";

describe("a no-fly zone over HTTP", () => {
  test("is declared with 201 and its address, and repeated under its Idempotency-Key with 200", async () => {
    await using app = await nfzApp();
    const key = { "idempotency-key": "k1" };
    const first = await app.post("/v1/nfz", freeze, key);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ nfz: "freeze", outcome: "appended", leftOut: [] });
    const again = await app.post("/v1/nfz", freeze, key);
    expect(again).toEqual({ status: 200, body: { ...first.body, outcome: "repeated" } });
    const other = await app.post("/v1/nfz", { ...freeze, inFlight: "finish" }, key);
    expect(other).toMatchObject({ status: 409, body: { code: "id-conflict" } });
  });

  test("is extended, shortened, skipped, lifted and cancelled, each recorded with actor and reason", async () => {
    await using app = await nfzApp();
    await app.post("/v1/nfz", { ...freeze, occurrences: [{ to: window.to }, window] });
    const running = "2026-04-15T12:00:00.000Z";
    for (const [word, body, type] of [
      ["extend", { occurrence: window.from, to: "2026-04-15T18:00:00Z" }, "NfzExtended"],
      ["shorten", { occurrence: window.from, to: "2026-04-15T17:00:00Z" }, "NfzShortened"],
      ["skip", { occurrence: window.from }, "NfzShortened"],
      ["lift", {}, "NfzLifted"],
      ["cancel", {}, "NfzCancelled"],
    ] as const) {
      const answer = await app.post(`/v1/nfz/freeze/${word}`, { ...said, ...body });
      expect(answer.status, word).toBe(201);
      const [cluster] = answer.body["clusters"] as { event: { id: string } }[];
      const event = await app.get(`/v1/events/${cluster?.event.id}`);
      expect(event.body).toMatchObject({ type, ...said, decision: { command: word } });
    }
    const { body } = await app.get("/v1/nfz/freeze?cluster=beta");
    expect(body["clusters"]).toMatchObject([
      {
        cluster: "beta",
        occurrences: [{ from: running }],
        resolvedUntil: null,
        history: [{ type: "NfzDeclared" }, {}, {}, {}, {}, { type: "NfzCancelled" }],
      },
    ]);
  });

  test("can be skipped twice, the second time with 200", async () => {
    await using app = await nfzApp();
    await app.post("/v1/nfz", freeze);
    const skip = { ...said, occurrence: window.from };
    expect((await app.post("/v1/nfz/freeze/skip", skip)).status).toBe(201);
    expect(await app.post("/v1/nfz/freeze/skip", skip)).toMatchObject({
      status: 200,
      body: { outcome: "already", clusters: [{ cluster: "alpha" }, { cluster: "beta" }] },
    });
  });

  test("is counted in the metrics by the outcome of the command", async () => {
    await using app = await nfzApp();
    for (const body of [freeze, freeze]) await app.post("/v1/nfz", body);
    await app.post("/v1/nfz/none/cancel", said);
    const { text } = await app.raw("/metrics");
    for (const labels of [
      'command="declare",result="appended"',
      'command="declare",result="nfz-exists"',
      'command="cancel",result="not-found"',
    ])
      expect(text).toContain(`fleetledger_commands_total{${labels}} 1`);
  });

  test("waits for the events that the request must see, and refuses a position past the head", async () => {
    await using app = await nfzApp();
    expect((await app.post("/v1/nfz?minSequence=4", freeze)).status).toBe(201);
    const missing = await app.post("/v1/nfz/freeze/cancel?minSequence=900", said);
    expect(missing.body["code"]).toBe("position-past-head");
  });
});

describe("a command on a no-fly zone over HTTP", () => {
  let app: NfzApp;
  beforeAll(async () => {
    app = await nfzApp();
    await app.post("/v1/nfz", freeze);
  });
  afterAll(() => app[Symbol.asyncDispose]());

  test.each<[number, string, string, object]>([
    [400, "invalid-request", "/v1/nfz", { ...freeze, nfz: "at" }],
    [400, "invalid-request", "/v1/nfz", { ...freeze, clusters: [] }],
    [400, "invalid-request", "/v1/nfz", { ...freeze, scope: { nodes: [] } }],
    [400, "invalid-request", "/v1/nfz", { ...freeze, occurrences: [] }],
    [400, "invalid-request", "/v1/nfz", { ...freeze, occurrences: undefined }],
    [400, "invalid-request", "/v1/nfz", { ...freeze, recurrence: sundays }],
    [400, "invalid-request", "/v1/nfz", { ...freeze, actor: undefined }],
    [400, "invalid-request", "/v1/nfz", { ...freeze, reason: undefined }],
    [
      400,
      "unknown-zone",
      "/v1/nfz",
      { ...freeze, occurrences: undefined, recurrence: { ...sundays, zone: "Europe/Atlantis" } },
    ],
    [404, "not-found", "/v1/nfz", { ...freeze, clusters: ["alpha", "gamma"] }],
    [409, "nfz-exists", "/v1/nfz", freeze],
    [
      422,
      "window-refused",
      "/v1/nfz",
      { ...freeze, nfz: "late", occurrences: [{ to: "2026-04-01T00:00:00Z" }] },
    ],
    [400, "invalid-request", "/v1/nfz/freeze/lift", { actor: "ann" }],
    [400, "invalid-request", "/v1/nfz/freeze/cancel", { ...said, clusters: [] }],
    [404, "not-found", "/v1/nfz/none/cancel", said],
    [404, "not-found", "/v1/nfz/freeze/cancel", { ...said, clusters: ["gamma"] }],
    [404, "not-found", "/v1/nfz/freeze/skip", { ...said, occurrence: "2026-01-01T00:00:00Z" }],
    [409, "nfz-over", "/v1/nfz/freeze/lift", said],
    [
      422,
      "window-refused",
      "/v1/nfz/freeze/extend",
      { ...said, occurrence: window.from, to: window.to },
    ],
    [
      422,
      "window-refused",
      "/v1/nfz/freeze/shorten",
      { ...said, occurrence: window.from, to: window.to },
    ],
  ])("is refused with %i %s by %s for %j", async (status, code, url, body) => {
    expect(await app.post(url, body)).toMatchObject({ status, body: { code } });
    const { body: page } = await app.get("/v1/events?type=NfzDeclared");
    expect(page["events"]).toHaveLength(2);
  });
});

describe("a preview", () => {
  const recurring = { ...freeze, nfz: "sundays", occurrences: undefined, recurrence: sundays };

  test("shows the occurrences in UTC and local time, and which of them changes of clocks affect", async () => {
    await using app = await nfzApp();
    const { status, body } = await app.post("/v1/nfz/preview", recurring);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      nfz: "sundays",
      at: "2026-04-15T12:00:00.000Z",
      asOf: { sequence: 4 },
      resolvedUntil: "2027-05-24T00:30:00.000Z",
      tzdata: "2026f",
    });
    const occurrences = body["occurrences"] as { from: string; note: string | null }[];
    expect(occurrences[0]).toEqual({
      from: "2026-04-19T00:30:00.000Z",
      to: "2026-04-19T01:30:00.000Z",
      local: { from: "2026-04-19T02:30:00+02:00", to: "2026-04-19T03:30:00+02:00" },
      note: null,
    });
    expect(occurrences.filter(({ note }) => note !== null)).toMatchObject([
      { from: "2026-10-25T00:30:00.000Z", note: "overlap" },
      { from: "2027-03-28T01:30:00.000Z", note: "gap" },
    ]);
  });

  test("names the rollouts that would wait, in order of the queue, and those in flight", async () => {
    await using app = await nfzApp();
    const r1 = { targets: { racks: ["r1"] } };
    await app.state("RolloutSubmitted", submitted("later", r1));
    await app.state("RolloutSubmitted", submitted("sooner", { ...r1, urgency: "security" }));
    await app.state("RolloutSubmitted", submitted("elsewhere", { targets: { racks: ["r2"] } }));
    await app.state("RolloutSubmitted", submitted("going"));
    await app.state(
      "RolloutStarted",
      { rollout: "going", cluster: "alpha" },
      "2026-04-02T00:00:00Z",
    );
    await app.state("RolloutSubmitted", submitted("done"));
    await app.state(
      "RolloutCompleted",
      { rollout: "done", cluster: "alpha" },
      "2026-04-02T00:00:00Z",
    );
    const { body } = await app.post("/v1/nfz/preview", { ...freeze, scope: { racks: ["r1"] } });
    expect(body["clusters"]).toMatchObject([
      {
        cluster: "alpha",
        waiting: [
          { rollout: "sooner", state: "submitted", urgency: "security", deadline: null },
          { rollout: "later" },
        ],
        inFlight: [{ rollout: "going", state: "in-progress" }],
      },
      { cluster: "beta", waiting: [], inFlight: [] },
    ]);
  });

  test("appends nothing, and is refused like the declaration itself", async () => {
    await using app = await nfzApp();
    await app.post("/v1/nfz/preview", freeze);
    expect((await app.get("/v1/nfz")).body["nfz"]).toEqual([]);
    await app.post("/v1/nfz", freeze);
    const taken = await app.post("/v1/nfz/preview", freeze);
    expect(taken).toMatchObject({ status: 409, body: { code: "nfz-exists", nfz: "freeze" } });
    const over = await app.post("/v1/nfz/preview", {
      ...freeze,
      nfz: "over",
      occurrences: [{ to: "2026-01-01T00:00:00Z" }],
    });
    expect(over).toMatchObject({
      status: 422,
      body: { code: "window-refused", because: "ended" },
    });
  });
});
