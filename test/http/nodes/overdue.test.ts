/** Overdue maintenance: listed, counted for Prometheus, and warned of once in the log. */
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { KeyedApp } from "../../access/keyed-app.ts";
import { keyedApp } from "../../access/keyed-app.ts";
import { anEvent } from "../app/memory-ledger.ts";

const node = (occurredAt: string, type: string, name: string, data: object = {}) =>
  anEvent({ occurredAt, type, data: { cluster: "alpha", node: name, ...data } });
const psu = { maintenanceId: "psu" };
const events = [
  node("2026-04-01T00:00:00Z", "NodeCommissioned", "n1"),
  node("2026-04-01T00:00:00Z", "NodeCommissioned", "n2"),
  node("2026-04-14T00:00:00Z", "NodeMaintenanceAnnounced", "n1", {
    ...psu,
    plannedFrom: "2026-04-15T08:00:00Z",
    plannedTo: "2026-04-15T11:00:00Z",
  }),
  node("2026-04-15T08:00:00Z", "NodeMaintenanceStarted", "n1", psu),
  node("2026-04-15T09:00:00Z", "NodeMaintenanceStarted", "n2", psu),
];

let keyed: KeyedApp;
const logged: { readonly msg: string; readonly level: number }[] = [];
const logger = pino({ level: "warn" }, { write: (line) => logged.push(JSON.parse(line) as never) });
beforeAll(async () => {
  keyed = await keyedApp(events, { logger });
});
afterAll(() => keyed[Symbol.asyncDispose]());

const list = async (query = "") =>
  (await keyed.ask(null, `/v1/maintenance/overdue${query}`)).json<{ overdue: object[] }>();

test("the list has what is open past its plan, with since when and by how much", async () => {
  expect(await list()).toMatchObject({ total: 1, at: "2026-04-15T12:00:00.000Z", next: null });
  expect((await list()).overdue).toEqual([
    {
      cluster: "alpha",
      node: "n1",
      maintenanceId: "psu",
      rolloutId: null,
      since: "2026-04-15T08:00:00.000Z",
      ageMs: 4 * 3_600_000,
      plannedTo: "2026-04-15T11:00:00.000Z",
      dueAt: "2026-04-15T11:00:00.000Z",
      overdueMs: 3_600_000,
      event: events[3]?.["id"],
    },
  ]);
  const later = await list("?at=2026-04-16T10:00:00Z&limit=1");
  expect(later).toMatchObject({ total: 2, overdue: [{ node: "n1" }] });
  const { next } = later as unknown as { next: string };
  expect((await keyed.ask(null, next)).json()).toMatchObject({
    total: 2,
    next: null,
    overdue: [{ node: "n2", plannedTo: null, dueAt: "2026-04-16T09:00:00.000Z" }],
  });
  expect(await list("?asOf=1&at=2026-04-16T10:00:00Z")).toMatchObject({ total: 0 });
});

test("the metric counts it by cluster, and the log warns of it once", async () => {
  const { body } = await keyed.ask(null, "/metrics");
  expect(body).toContain('fleetledger_maintenance_overdue{cluster="alpha"} 1');
  keyed.advance(16_000);
  await keyed.ask(null, "/metrics");
  const warnings = logged.filter(({ msg }) => msg === "maintenance is overdue");
  expect(warnings).toMatchObject([
    { level: 40, cluster: "alpha", maintenance: "psu", nodes: ["n1"], count: 1 },
  ]);
});

test("of many that are new at once the log names ten, and counts the rest", async () => {
  const begun = logged.length;
  const many = Array.from({ length: 14 }, (_, i) => [
    node("2026-04-01T00:00:00Z", "NodeCommissioned", `m${i}`),
    node("2026-04-15T07:00:00Z", "NodeMaintenanceStarted", `m${i}`, { maintenanceId: `m${i}` }),
  ]);
  await using other = await keyedApp(many.flat(), { logger });
  other.advance(24 * 3_600_000);
  await other.ask(null, "/metrics");
  const told = logged.slice(begun).map(({ msg }) => msg);
  expect(told.filter((msg) => msg === "maintenance is overdue")).toHaveLength(10);
  expect(logged.slice(begun)).toContainEqual(
    expect.objectContaining({
      cluster: "alpha",
      count: 4,
      msg: "more maintenance is overdue: see /v1/maintenance/overdue",
    }),
  );
});
