/** An application over a ledger of two clusters with nodes in racks, every answer held against the API's own description. */
import { randomUUID } from "node:crypto";
import { realApp } from "../app/real-app.ts";
import type { Described } from "../app/described-app.ts";
import { describedBy } from "../app/described-app.ts";

export interface NfzApp extends AsyncDisposable {
  readonly seen: Described["seen"];
  post(
    url: string,
    body: object,
    headers?: Record<string, string>,
  ): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
  get(url: string): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
  /** An answer as it is sent. */
  raw(
    url: string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; text: string; headers: Record<string, unknown> }>;
  state(type: string, data: Record<string, unknown>, occurredAt?: string): Promise<void>;
}

/** The ledger's clock stands still at noon of 15 April 2026. */
export async function nfzApp(): Promise<NfzApp> {
  const real = await realApp({ events: [] });
  const described = await describedBy(real.app);
  const state: NfzApp["state"] = async (type, data, occurredAt = "2026-04-01T00:00:00Z") => {
    const event = { id: randomUUID(), type, occurredAt, data, actor: "eva", reason: "a test" };
    const [taken] = await real.ledger.submit([event]);
    if (taken?.status === "refused") throw taken.error;
    await real.ledger.waitFor(taken?.sequence ?? 0, 600_000);
  };
  for (const cluster of ["alpha", "beta"]) await state("ClusterRegistered", { cluster });
  for (const [node, rack] of [
    ["n1", "r1"],
    ["n2", "r2"],
  ])
    await state("NodeCommissioned", { cluster: "alpha", node, rack });
  const settled = async () => {
    const { sequence } = await real.ledger.store.head();
    await real.ledger.waitFor(sequence, 600_000);
  };
  return {
    seen: described.seen,
    state,
    post: async (url, body, headers = {}) => {
      const { status, body: answer } = await described.ask(url, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        payload: JSON.stringify(body),
      });
      await settled();
      return { status, body: answer as Record<string, unknown> };
    },
    get: async (url) => {
      const { status, body } = await described.ask(url);
      return { status, body: body as Record<string, unknown> };
    },
    raw: async (url, headers = {}) => {
      const answer = await real.app.inject({ url, headers });
      return { status: answer.statusCode, text: answer.body, headers: answer.headers };
    },
    [Symbol.asyncDispose]: async () => await real.close(),
  };
}

export const said = { actor: "ann", reason: "quarter end" };

/** From 13:00 to 15:00, an hour after the clock. */
export const window = { from: "2026-04-15T13:00:00.000Z", to: "2026-04-15T15:00:00.000Z" };

export const freeze = {
  ...said,
  nfz: "freeze",
  clusters: ["alpha", "beta"],
  inFlight: "pause",
  occurrences: [window],
};

/** Every Sunday at 02:30 in Amsterdam, over the change of its clocks of 25 October 2026. */
export const sundays = {
  rrule: "FREQ=WEEKLY;BYDAY=SU",
  start: "2026-04-19T02:30",
  zone: "Europe/Amsterdam",
  durationMs: 3_600_000,
};

export function submitted(rollout: string, more: object = {}): Record<string, unknown> {
  return {
    rollout,
    cluster: "alpha",
    updates: [{ component: "driver", version: "2" }],
    impact: { kind: "impactless" },
    urgency: "routine",
    ...more,
  };
}
