import { afterAll, beforeAll, expect, test } from "vitest";
import { anEvent } from "../app/memory-ledger.ts";
import { realApp, type RealApp } from "../app/real-app.ts";

let running: RealApp;
beforeAll(async () => {
  running = await realApp({ readWaitMs: 2_000 });
});
afterAll(() => running.close());

test("a read with minSequence waits for an event that is being appended and includes it", async () => {
  const { app, ledger } = running;
  const next = ledger.sequence() + 1;
  const read = app.inject(`/v1/nodes/alpha/n7?minSequence=${next}`);
  const write = new Promise<void>((resolve) => {
    setTimeout(() => {
      const event = anEvent({
        type: "NodeCommissioned",
        occurredAt: "2026-04-01T00:00:00Z",
        data: { cluster: "alpha", node: "n7" },
      });
      void app.inject({ method: "POST", url: "/v1/events", payload: event }).then(() => resolve());
    }, 50);
  });
  const answer = await read;
  await write;
  expect(answer.statusCode).toBe(200);
  expect(Number(answer.headers["fleetledger-sequence"])).toBeGreaterThanOrEqual(next);
});

test("a read whose minSequence is not reached in time fails, and names the ledger's last sequence", async () => {
  const impatient = await realApp({ readWaitMs: 20 });
  const answer = await impatient.app.inject("/v1/clusters?minSequence=5000");
  expect(answer.statusCode).toBe(422);
  const head = impatient.ledger.sequence();
  expect(answer.json()).toMatchObject({ code: "position-past-head", head });
  await impatient.close();
});
