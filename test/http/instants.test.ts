/** Answers about an instant follow the clock, not the last event. The clock is the test's. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildApp } from "../../src/http/app.ts";
import type { Api } from "../../src/http/server/api.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import { history } from "./app/small-app.ts";
import { textOf } from "../dashboard/page-text.ts";

const folder = mkdtempSync(join(tmpdir(), "fleetledger-instants-"));
const lastEvent = Date.parse("2026-04-15T12:00:00Z");
const minute = 60_000;
let now = lastEvent;
let ledger: Ledger;
let app: Api;

beforeAll(async () => {
  ledger = await openLedger({
    store: `sqlite:${join(folder, "ledger.sqlite")}`,
    mode: "write",
    clock: { nowMs: () => now },
  });
  // The zone "freeze" holds from 10 to 20 April; nothing is said after it began.
  await ledger.submit(history);
  await ledger.waitFor(history.length, 600_000);
  app = await buildApp({ ledger, logger: pino({ level: "silent" }) });
});
beforeEach(() => {
  now = lastEvent;
});
afterAll(async () => {
  await app.close();
  await ledger.close();
  rmSync(folder, { recursive: true });
});

const get = async (url: string) => await app.inject(url);
const asOf = `asOf=${history.length}`;
const end = Date.parse("2026-04-20T00:00:00Z");

describe("without new events, as time passes,", () => {
  test("a no-fly zone ends on time", async () => {
    now = end - 1;
    expect((await get("/v1/nfz")).json()).toMatchObject({
      at: formatInstant(now),
      asOf: { sequence: history.length },
      nfz: [{ inForce: true }],
    });
    now = end;
    expect((await get("/v1/nfz")).json()).toMatchObject({
      at: formatInstant(end),
      nfz: [{ inForce: false }],
    });
  });

  test("a waiting rollout waits longer, and is overdue once the zone has ended", async () => {
    now = end + 10 * minute;
    const queue = (await get("/v1/rollouts/blocked")).json();
    expect(queue).toMatchObject({ at: formatInstant(now), total: 1, overdue: 1 });
    expect(queue.oldestAgeMs).toBe(now - Date.parse("2026-04-12T00:00:00Z"));
  });

  test("the fleet page thaws the cluster, shows growing ages, and shows how old the last event is", async () => {
    now = end - 7 * minute;
    expect(textOf((await get("/")).body)).toContain(
      "Frozen until 20 Apr 00:00 7 min left · freeze",
    );
    now = end + minute;
    const after = textOf((await get("/")).body);
    expect(after).toContain("No freeze in force");
    expect(after).toContain("last event 4 d 12 h ago");
    expect(after).toContain("1 release is overdue");
  });

  test("the draft of a report shows how old the last event is, but still ends at ledger time", async () => {
    now = lastEvent + 90 * minute;
    const url = "/v1/sla?cluster=alpha&period=2026-04&format=html";
    const page = textOf((await get(url)).body).replaceAll("\u00a0", " ");
    expect(page).toContain("The ledger's last event was recorded 1 h 30 min ago");
    const { period } = (await get("/v1/sla?cluster=alpha&period=2026-04")).json();
    expect(period).toMatchObject({ to: formatInstant(lastEvent), complete: false });
  });

  test("the page of an event shows how old the last event is, unless it looks back", async () => {
    now = lastEvent + 90 * minute;
    const url = `/events/${String(history[3]?.["id"])}`;
    const page = async (address: string) =>
      textOf((await get(address)).body).replaceAll("\u00a0", " ");
    expect(await page(url)).toContain("last event 1 h 30 min ago");
    expect(await page(`${url}?asOf=5`)).not.toMatch(/last event [^.]* ago/);
  });

  test("a live answer gets another entity tag, and one with both asOf and at never changes", async () => {
    const tags = async (url: string) => {
      now = lastEvent;
      const first = (await get(url)).headers.etag;
      now = lastEvent + minute;
      return [first, (await get(url)).headers.etag];
    };
    for (const path of ["nfz", "rollouts", "rollouts/blocked", "clusters", "nodes/alpha/n1"]) {
      const [first, later] = await tags(`/v1/${path}`);
      expect(later, path).not.toBe(first);
      const at = "at=2026-04-14T00:00:00Z";
      for (const fixed of [`${asOf}&${at}`, asOf]) {
        const [one, two] = await tags(`/v1/${path}?${fixed}`);
        expect(two, `${path}?${fixed}`).toBe(one);
      }
    }
  });
});

describe("the instant of an answer", () => {
  test("is ledger time when looking back, and otherwise the later of ledger time and the clock", async () => {
    now = lastEvent + minute;
    const at = async (query: string) => (await get(`/v1/nfz?${query}`)).json().at;
    expect(await at("")).toBe(formatInstant(now));
    expect(await at(asOf)).toBe(formatInstant(lastEvent));
    expect(await at(`asOfTime=2026-04-15T12:00:30Z`)).toBe(formatInstant(lastEvent));
    expect(await at("asOf=0")).toBeNull();
    now = lastEvent - minute;
    expect(await at("")).toBe(formatInstant(lastEvent));
  });

  test("may be requested: then only facts that occurred before it are seen", async () => {
    const state = async (at: string) =>
      (await get(`/v1/rollouts?${asOf}&at=${at}`)).json().rollouts[0].state;
    expect(await state("2026-04-09T00:00:00Z")).toBe("unknown");
    expect(await state("2026-04-09T00:00:00.001Z")).toBe("submitted");
    expect(await state("2026-04-12T00:00:00Z")).toBe("submitted");
    expect(await state("2026-04-12T00:00:00.001Z")).toBe("blocked");
    const waiting = async (at: string) =>
      (await get(`/v1/rollouts/blocked?${asOf}&at=${at}`)).json().total;
    expect(await waiting("2026-04-12T00:00:00Z")).toBe(0);
    expect(await waiting("2026-04-12T00:00:00.001Z")).toBe(1);
  });

  test("determines a node's state and membership", async () => {
    const state = async (at: string) => (await get(`/v1/nodes/alpha/n1?at=${at}`)).json().state;
    expect(await state("2026-01-31T00:00:00Z")).toBe("not-a-member");
    expect(await state("2026-03-02T11:59:59Z")).toBe("down");
    expect(await state("2026-03-02T12:00:00Z")).toBe("in-service");
    const members = async (at: string) =>
      (await get(`/v1/clusters?at=${at}`)).json().clusters[0].nodes;
    expect(await members("2026-01-31T00:00:00Z")).toBe(0);
    expect(await members("2026-02-01T00:00:00Z")).toBe(2);
  });
});

describe("at the last instant that can be written,", () => {
  test.each([
    "/v1/co-test/coverage?cluster=alpha&",
    "/v1/co-test/next?cluster=alpha&",
    "/v1/rollouts/release-plan?cluster=alpha&",
    "/v1/rollouts/blocked?",
    "/v1/impact/families?",
    "/v1/scale-holds?",
    "/v1/maintenance/overdue?",
    "/v1/nodes/alpha/n1/schedulable?",
    "/v1/nodes/alpha/n1/pending-updates?",
  ])("%s is answered", async (url) => {
    const answer = await get(`${url}at=9999-12-31T23:59:59.999Z`);
    expect([answer.statusCode, answer.body]).toEqual([200, expect.anything()]);
  });

  test("nothing is known of the month's error budget", async () => {
    const plan = await get("/v1/rollouts/release-plan?cluster=alpha&at=9999-12-31T23:59:59.999Z");
    expect(plan.json()).toMatchObject({ budgetLeftNodeMs: null });
  });
});
