/** Long reads that nobody waits for any more end. */
import { pino } from "pino";
import { afterEach, expect, test } from "vitest";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { serve } from "../../../src/http/serve.ts";
import type { RunningServer } from "../app/running-server.ts";
import { comparePositions } from "../../../src/reports/restated/restate.ts";
import { openEmbeddedStore } from "../../../src/store/sqlite/embedded.ts";
import { checkedEvents, part, positionOf } from "../../contract/sample-events.ts";
import { freshPath } from "../../store/sqlite/ledger-file.ts";
import { memoryLedger } from "../app/memory-ledger.ts";
import { head, rawClient } from "../app/raw-client.ts";
import { history } from "../app/small-app.ts";

let server: RunningServer | null = null;
afterEach(async () => {
  await server?.stop();
  server = null;
});

test.each(["/v1/audit/diff?from=7&to=12", "/v1/audit/diff?from=7&to=12&period=2026-03"])(
  "%s ends when its client disconnects",
  async (path) => {
    const ledger = memoryLedger();
    await ledger.submit(history);
    const log: string[] = [];
    const logger = pino({ level: "info" }, { write: (text) => log.push(text) });
    server = await serve({ ledger, logger, port: 0, stopOnSignals: false });
    const client = await rawClient(server.port);
    let answers = 0;
    const answer = ledger.answerInSteps.bind(ledger);
    const counting: Ledger["answerInSteps"] = async (cluster, sequence, make) => {
      if (++answers === 3) client.leave();
      return await answer(cluster, sequence, make);
    };
    Object.assign(ledger, { answerInSteps: counting });
    client.send(head("GET", path));
    await expect.poll(() => log.join("")).toContain('"code":"client-gone"');
    const answersAtEnd = answers;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(answers).toBe(answersAtEnd);
  },
);

test("a comparison computes no further document once it is aborted", async () => {
  const ledger = memoryLedger();
  await ledger.submit(history);
  const over = new AbortController();
  let answers = 0;
  const answer = ledger.answerInSteps.bind(ledger);
  const counting: Ledger["answerInSteps"] = async (cluster, sequence, make) => {
    if (++answers === 3) over.abort(new Error("nobody waits"));
    return await answer(cluster, sequence, make);
  };
  Object.assign(ledger, { answerInSteps: counting });
  const compared = { cluster: "alpha", period: "2026-03", from: 3, to: 12 };
  const comparing = comparePositions(ledger, compared, { signal: over.signal });
  await expect(comparing).rejects.toThrow("nobody waits");
  expect(answers).toBe(3);
});

test("a search of the store ends once it is aborted", async () => {
  const store = await openEmbeddedStore({ path: freshPath(), mode: "write" });
  await positionOf(store, part("a", "no-stream", checkedEvents(10)));
  const over = new AbortController();
  const filter = { after: 0, limit: 10, signal: over.signal };
  expect(await store.query(filter)).toHaveLength(10);
  over.abort(new Error("nobody waits"));
  await expect(store.query(filter)).rejects.toThrow("nobody waits");
  await store.close();
});
