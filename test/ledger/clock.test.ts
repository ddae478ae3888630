import { pino } from "pino";
import { describe, expect, onTestFinished, test } from "vitest";
import { eventually } from "../eventually.ts";
import { buildApp } from "../../src/http/app.ts";
import { logClock } from "../../src/http/observability/clock-log.ts";
import { verifyStore } from "../../src/verify/verify.ts";
import type { Clock } from "../../src/clock.ts";
import { systemClock } from "../../src/clock.ts";
import { reportText } from "../../src/reports/text/report-text.ts";
import { slaDocumentOf } from "../../src/reports/figures.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import type { Submission } from "../../src/ledger/append/submission.ts";
import { leafStore } from "../../src/store/leaf-store.ts";
import { seal, verifier } from "../seals/sealed-ledger.ts";
import { run } from "../cli/run.ts";
import { failed } from "./sample-events.ts";
import type { TemporaryLedger } from "./temporary-ledger.ts";
import { temporaryLedger } from "./temporary-ledger.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const start = Date.parse("2026-04-15T12:00:00.000Z");

/** A machine whose clock can be set, beside the time that passes. */
function machine(): Required<Omit<Clock, "speed">> & {
  pass: (ms: number) => void;
  set: (ms: number) => void;
} {
  let clockMs = start;
  let elapsedMs = 1_000;
  return {
    nowMs: () => clockMs,
    elapsedMs: () => elapsedMs,
    pass: (ms) => {
      clockMs += ms;
      elapsedMs += ms;
    },
    set: (ms) => {
      clockMs += ms;
    },
  };
}

const said = { actor: "eva", reason: "the virtual machine was paused over night" };

/** The code of a refusal, or what became of the event. */
const codeOf = (submissions: readonly Submission[]): string[] =>
  submissions.map((each) => (each.status === "refused" ? each.error.code : each.status));

async function open(temporary: TemporaryLedger, clock: Clock): Promise<Ledger> {
  const ledger = await temporary.open({ clock });
  return ledger;
}

async function lastRecordedAt(ledger: Ledger): Promise<string> {
  return new Date((await ledger.store.head()).recordedAt).toISOString();
}

describe("a clock that jumps ahead of the time that has passed", () => {
  test("sets the time of no event: nothing is recorded until the clock is corrected, and then appends continue", async () => {
    await using temporary = temporaryLedger();
    const clock = machine();
    const ledger = await open(temporary, clock);
    expect(codeOf(await ledger.submit([failed(901)]))).toEqual(["appended"]);
    clock.pass(3 * day);
    expect(codeOf(await ledger.submit([failed(902)]))).toEqual(["appended"]);
    clock.set(400 * day);
    const [refused] = await ledger.submit([failed(903)]);
    expect(refused).toMatchObject({
      status: "refused",
      error: { code: "clock-jumped", extra: { expected: "2026-04-18T12:00:00.000Z" } },
    });
    clock.pass(minute);
    clock.set(-400 * day);
    expect(codeOf(await ledger.submit([failed(903)]))).toEqual(["appended"]);
    expect(await lastRecordedAt(ledger)).toBe("2026-04-18T12:01:00.000Z");
  });

  test("is accepted for up to five minutes, as is a clock that is set back and then right again", async () => {
    await using temporary = temporaryLedger();
    const clock = machine();
    const ledger = await open(temporary, clock);
    clock.set(4 * minute);
    expect(codeOf(await ledger.submit([failed(901)]))).toEqual(["appended"]);
    clock.set(-2 * day);
    expect(codeOf(await ledger.submit([failed(902)]))).toEqual(["appended"]);
    clock.set(2 * day);
    expect(codeOf(await ledger.submit([failed(903)]))).toEqual(["appended"]);
    clock.set(6 * minute);
    expect(codeOf(await ledger.submit([failed(904)]))).toEqual(["clock-jumped"]);
  });

  test("is not forgotten at a restart, which has nothing to compare with, until it is corrected", async () => {
    await using temporary = temporaryLedger();
    const clock = machine();
    const first = await open(temporary, clock);
    await first.submit([failed(901)]);
    clock.set(day);
    expect(codeOf(await first.submit([failed(902)]))).toEqual(["clock-jumped"]);
    await first.close();
    const second = await open(temporary, clock);
    clock.pass(minute);
    expect(codeOf(await second.submit([failed(902)]))).toEqual(["clock-jumped"]);
    await second.close();
    clock.set(-day);
    const third = await open(temporary, clock);
    expect(codeOf(await third.submit([failed(902)]))).toEqual(["appended"]);
    expect(await lastRecordedAt(third)).toBe("2026-04-15T12:01:00.000Z");
  });

  test("can be accepted by an operator over HTTP, and the ledger records who, why, and by how much", async () => {
    await using temporary = temporaryLedger();
    const clock = machine();
    const ledger = await open(temporary, clock);
    await ledger.submit([failed(901)]);
    const app = await buildApp({ ledger, logger: pino({ level: "silent" }), clock });
    onTestFinished(() => app.close());
    const accept = (payload: object) => app.inject({ method: "POST", url: "/v1/clock", payload });
    expect((await accept(said)).json()).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/^nothing to accept/),
    });
    clock.set(day);
    const before = await app.inject("/readyz");
    expect(before.statusCode).toBe(503);
    expect(before.json()).toMatchObject({
      clock: { jumpedFrom: "2026-04-15T12:00:00.000Z", warning: expect.stringContaining("jumped") },
    });
    expect((await accept({ actor: "eva" })).statusCode).toBe(400);
    const { statusCode, body } = await accept(said);
    expect([statusCode, body]).toEqual([201, expect.stringContaining('"stream":"ledger-clock"')]);
    expect((await app.inject("/readyz")).statusCode).toBe(200);
    clock.set(day);
    const headers = { "idempotency-key": "once" };
    const again = (payload: object) =>
      app.inject({ method: "POST", url: "/v1/clock", payload, headers });
    expect([(await again(said)).statusCode, (await again(said)).statusCode]).toEqual([201, 200]);
    expect((await again({ ...said, reason: "another" })).statusCode).toBe(409);
    expect(codeOf(await ledger.submit([failed(902)]))).toEqual(["appended"]);
    expect(await ledger.store.readAt(2)).toMatchObject({
      type: "ClockJumpAccepted",
      attribution: said,
      data: {
        clock: "2026-04-16T12:00:00.000Z",
        expected: "2026-04-15T12:00:00.000Z",
        ledgerTime: "2026-04-15T12:00:00.000Z",
      },
    });
    await ledger.close();
    const next = await open(temporary, clock);
    expect(codeOf(await next.submit([failed(903)]))).toEqual(["appended"]);
    await seal(next);
    expect((await verifyStore(leafStore(next.store), { verifier })).findings).toEqual([]);
  });

  test("can be accepted with the command while nobody serves, but by no sender of events", async () => {
    await using temporary = temporaryLedger();
    const clock = machine();
    // What the machine's own clock, which the command goes by, has not come to yet.
    clock.set(Date.now() - start + 2 * day);
    const ledger = await open(temporary, clock);
    await ledger.submit([failed(901)]);
    await ledger.close();
    const store = `sqlite:${temporary.path}`;
    const args = ["accept-clock", "--store", store, "--actor", "eva", "--reason", "NTP was off"];
    const accepted = await run(...args);
    expect(accepted).toMatchObject({ code: 0, said: "accepted: sequence 2\n" });
    const { out } = await run("events", "--store", store, "--type", "ClockJumpAccepted");
    expect(JSON.parse(out)).toMatchObject({ actor: "eva", reason: "NTP was off", sequence: 2 });
    const next = await open(temporary, systemClock);
    const sent = { ...JSON.parse(out), id: failed(909)["id"] } as Record<string, unknown>;
    for (const field of ["sequence", "stream", "revision", "recordedAt"]) delete sent[field];
    expect(codeOf(await next.submit([sent]))).toEqual(["invalid-event"]);
  });
});

describe("ledger time that is ahead of the server's clock", () => {
  test("is shown by /readyz, the overview, the text report and the log, while reads and appends go on", async () => {
    await using temporary = temporaryLedger();
    const clock = machine();
    const ledger = await open(temporary, clock);
    clock.set(2 * minute);
    await ledger.submit([failed(901)]);
    const log: string[] = [];
    const logger = pino({ level: "info" }, { write: (line: string) => void log.push(line) });
    const stop = await logClock(ledger, logger, 5);
    onTestFinished(stop);
    expect(log).toEqual([]);
    clock.set(-10 * day);
    const warning = /Ledger time, 2026-04-15T12:02:00.000Z, is ahead of the server's clock/;
    await eventually(() => expect(log.join("")).toMatch(warning));
    expect(codeOf(await ledger.submit([failed(902)]))).toEqual(["appended"]);
    const app = await buildApp({ ledger, logger: pino({ level: "silent" }), clock });
    onTestFinished(() => app.close());
    const { statusCode, body } = await app.inject("/readyz");
    expect([statusCode, body]).toEqual([200, expect.stringMatching(warning)]);
    expect((await app.inject("/")).body).toMatch(/Ledger time, 2026-04-15T12:02:00.000Z, is ahead/);
    const document = slaDocumentOf(ledger.view("c1"), { period: "2026-03", zone: "UTC" });
    const text = reportText(document, { listLimit: 1, warning: "Ledger time is ahead" });
    expect(text).toContain("WARNING: Ledger time is ahead");
    clock.set(10 * day);
    await eventually(() => expect(log.join("")).toMatch(/agree again/));
  });
});

test("the operating system's monotonic clock advances with its clock", () => {
  const before = [systemClock.nowMs(), systemClock.elapsedMs?.() ?? NaN];
  expect(before.every((each) => each > 0)).toBe(true);
  expect(Math.abs(systemClock.nowMs() - (before[0] ?? 0))).toBeLessThan(minute);
});
