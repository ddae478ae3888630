/** Slow readers of streams share one byte budget, whichever key each of them holds and whatever it sees. */
import { pino } from "pino";
import { expect, test } from "vitest";
import { issueKey } from "../../../src/access/issue.ts";
import { serve } from "../../../src/http/serve.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import { anEvent } from "../app/memory-ledger.ts";
import { head, rawClient } from "../app/raw-client.ts";

const budget = 200_000;

test("Readers of eight keys, each of other clusters, are cut off when together they are over the budget", async () => {
  await using temporary = temporaryLedger();
  const ledger = await temporary.open();
  // More than the system keeps for a connection that is not read, many times over.
  for (let i = 0; i < 4; i++)
    await ledger.submit(
      Array.from({ length: 1_000 }, () => anEvent({ reason: "x".repeat(4_000) })),
    );
  await ledger.waitFor(4_000, 600_000);
  const log: string[] = [];
  const server = await serve({
    ledger,
    logger: pino({ level: "warn" }, { write: (text) => log.push(text) }),
    port: 0,
    stopOnSignals: false,
    connections: {
      stopBodyMs: 100,
      stopAnswersMs: 200,
      readerBytesTogether: budget,
      readerStallMs: 60_000,
      readerFarewellMs: 100,
    },
  });
  const cutOffs = () => log.filter((text) => text.includes("stream reader disconnected"));
  const clients: Awaited<ReturnType<typeof rawClient>>[] = [];
  try {
    for (let i = 0; i < 8; i++) {
      // What a key sees has a part of the server of its own (ADR 94): these are eight.
      const granted = { name: `reader-${i}`, roles: ["viewer"], clusters: ["alpha", `other-${i}`] };
      const { secret } = await issueKey(ledger, granted, { said: { actor: "test" } });
      const client = await rawClient(server.port);
      clients.push(client);
      client.send(head("GET", "/v1/stream?after=0", { authorization: `Bearer ${secret}` }));
      client.pause();
    }
    await expect.poll(() => cutOffs().length).toBeGreaterThan(4);
    expect(cutOffs().join("")).toContain("too many readers are behind");
    for (const text of cutOffs()) {
      const { heldBytes } = JSON.parse(text) as { heldBytes: number };
      // What was held when it came over the bound: one reader's more, and no second one's.
      expect(heldBytes).toBeLessThan(budget + 160_000);
    }
  } finally {
    for (const client of clients) client.leave();
    await server.stop();
  }
});
