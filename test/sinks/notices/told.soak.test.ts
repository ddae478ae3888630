/** Each notice that others act on, from what makes it true to the receiver that is told of it. */
import { pino } from "pino";
import { expect, test } from "vitest";
import { buildApp } from "../../../src/http/app.ts";
import { Audit } from "../../../src/seals/audit.ts";
import { sinksOf } from "../../../src/sinks/serving.ts";
import { readSources } from "../../../src/sources/config/sources-file.ts";
import { newKey, parseSigner } from "../../../src/tree/signed-note.ts";
import { anEvent } from "../../http/app/memory-ledger.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import { FakeTime } from "../fake-time.ts";
import { secret } from "../webhooks/delivering.ts";
import { receiver } from "../webhooks/receiver.ts";

const notices = [
  "fault.overdue",
  "release.overdue",
  "sla.at_risk",
  "sla.missed",
  "source.silent",
  "seal.behind",
] as const;

const sources = readSources({
  sources: [
    {
      name: "am",
      kind: "alertmanager",
      cluster: "beta",
      node: "{labels.instance}",
      rules: [{ match: { alertname: "Watchdog" }, as: "heartbeat" }],
      observes: true,
      silentAfterSeconds: 1,
    },
  ],
});

/** A served ledger as `serve` makes it, a receiver of all six, and a time that the test moves. */
async function served(instant: string) {
  const time = new FakeTime(instant);
  const temporary = temporaryLedger();
  const ledger = await temporary.open({ clock: time.clock });
  const to = await receiver();
  const audit = new Audit({
    ledger,
    clock: time.clock,
    signer: parseSigner(newKey("told-ledger").secret),
    witness: {
      description: "a witness that is away",
      write: async () => {
        throw new Error("no answer");
      },
    },
    retryAfterMs: 0,
  });
  await audit.startSealing();
  const logger = pino({ level: "silent" });
  const webhook = { name: "pager", url: to.url, secretFile: "", secrets: [secret] };
  const sinks = sinksOf({
    ledger,
    audit,
    clock: time.clock,
    after: time.after,
    log: logger,
    webhooks: [{ ...webhook, types: [...notices], format: "standard" }],
    schedules: [],
  });
  const app = await buildApp({
    ledger,
    logger,
    audit,
    sinks,
    sources,
    clock: time.clock,
    startTimers: async () => ({ stop: async () => undefined }),
  });
  const told = () =>
    to.received.map(({ body }) => {
      const { type, data } = JSON.parse(body) as {
        type: string;
        data: { event: { data: { key: string } } };
      };
      return `${type} ${data.event.data.key}`;
    });
  // What is told begins at the end of the ledger.
  await expect.poll(() => ledger.store.mark("webhook-pager")).not.toBeNull();
  return {
    time,
    ledger,
    audit,
    app,
    told,
    state: async (type: string, occurredAt: string, data: object) => {
      const about = { cluster: "alpha", ...data };
      const [made] = await ledger.submit([anEvent({ type, occurredAt, data: about })]);
      expect(made?.status).toBe("appended");
    },
    /** Lets minutes pass from the instant on until the receiver was told this. */
    tellsFrom: async (from: string, wanted: string) => {
      let now = Date.parse(from);
      const isTold = () => {
        time.pass(new Date(now).toISOString());
        now += 61_000;
        return told();
      };
      await expect.poll(isTold, { interval: 5 }).toContain(wanted);
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      await temporary[Symbol.asyncDispose]();
      await to[Symbol.asyncDispose]();
    },
  };
}

const day = (n: number, time = "00:00:00") => `2026-04-${String(n).padStart(2, "0")}T${time}Z`;

test("a receiver is told of each notice once, when time makes it true", async () => {
  await using it = await served(day(1));
  for (let n = 0; n < 20; n++)
    await it.state("NodeCommissioned", "2026-02-01T00:00:00Z", { node: `n${n}` });
  await it.state("NodeCommissioned", "2026-02-01T00:00:00Z", { cluster: "beta", node: "b1" });
  await it.audit.sealNow();
  const heartbeat = { method: "POST", url: "/v1/sources/am/heartbeat" } as const;
  expect((await it.app.inject(heartbeat)).statusCode).toBe(204);
  await it.tellsFrom(day(1, "00:00:02"), "source.silent am 2026-04-01T00:00:00.000Z");

  it.time.pass(day(1, "14:00:00"));
  for (const node of ["n0", "n1", "n2"]) {
    const fault = { node, faultId: "f1", category: "hardware" };
    await it.state("NodeFailed", day(1, "14:00:00"), fault);
  }
  await it.tellsFrom(day(3, "14:00:00.001"), "fault.overdue alpha n0 f1");
  await it.tellsFrom(day(3, "15:30:00"), "seal.behind 2026-04-03");

  // 20 nodes and 30 days: the budget is 30 node-days, and three nodes spend 24 of them by then.
  it.time.pass(day(9, "14:00:00"));
  await it.state("NodeCommissioned", day(9), { cluster: "beta", node: "b2" });
  await it.tellsFrom(day(9, "14:00:00"), "sla.at_risk alpha 2026-04");

  it.time.pass(day(10));
  const zone = { nfz: "freeze", inFlight: "pause", occurrences: [{ from: day(9), to: day(11) }] };
  await it.state("NfzDeclared", day(9), zone);
  await it.state("RolloutSubmitted", day(9), {
    rollout: "r1",
    updates: [{ component: "driver", version: "2" }],
    impact: { kind: "impactless" },
    urgency: "routine",
  });
  await it.state("RolloutBlocked", day(10), { rollout: "r1", nfzIds: ["freeze"] });
  await it.tellsFrom(day(11, "00:02:01"), "release.overdue alpha r1 2026-04-10T00:00:00.000Z");

  it.time.pass(day(12));
  await it.state("NodeCommissioned", day(12), { cluster: "beta", node: "b3" });
  await it.tellsFrom(day(12, "00:06:00"), "sla.missed alpha 2026-04");

  const told = it.told();
  expect(new Set(told).size).toBe(told.length);
  expect(new Set(told.map((text) => text.split(" ")[0]))).toEqual(new Set(notices));
});
