import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { Audit } from "../../src/seals/audit.ts";
import { CheckpointSender } from "../../src/seals/checkpoint-sender.ts";
import { openCheckpoint } from "../../src/tree/checkpoint.ts";
import { openLedgerTree } from "../../src/tree/ledger-tree.ts";
import { witness } from "../../src/seals/witness.ts";
import { newKey, parseSigner } from "../../src/tree/signed-note.ts";
import type { DataOf } from "../../src/events/catalogue.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { failed } from "../ledger/sample-events.ts";
import { temporaryLedger } from "../ledger/temporary-ledger.ts";

const signer = parseSigner(newKey("ledger.example").secret);
const hour = 3_600_000;

function auditOf(
  ledger: Ledger,
  options: Partial<ConstructorParameters<typeof Audit>[0]> = {},
): Audit {
  return new Audit({ ledger, signer, clock: { nowMs: Date.now }, intervalMs: 20, ...options });
}

async function sealsOf(
  ledger: Ledger,
): Promise<{ sequence: number; size: number; note: string }[]> {
  const events = await ledger.store.query({ type: "LedgerSealed", after: 0, limit: 1_000 });
  return events.map(({ sequence, data }) => {
    const { size, checkpoint } = data as DataOf<"LedgerSealed">;
    return { sequence, size, note: checkpoint };
  });
}

describe("a served ledger", () => {
  test("is sealed over all events at an interval, and only if there are new ones", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    await ledger.submit([failed(1), failed(2)]);
    const audit = auditOf(ledger);
    await audit.startSealing();
    await eventually(async () => expect(await sealsOf(ledger)).toHaveLength(1));
    await new Promise((resume) => setTimeout(resume, 120));
    expect(await sealsOf(ledger)).toHaveLength(1);
    await ledger.submit([failed(3)]);
    await eventually(async () => expect(await sealsOf(ledger)).toHaveLength(2));
    const tree = await openLedgerTree(ledger.store);
    for (const { sequence, size, note } of await sealsOf(ledger)) {
      expect(size).toBe(sequence - 1);
      const head = openCheckpoint(note, signer);
      expect(head).toEqual({
        origin: "ledger.example",
        size: BigInt(size),
        root: await tree.root(size),
      });
    }
    await audit.close();
  });

  test("is sealed by count long before the interval, even while events keep arriving", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const audit = auditOf(ledger, { intervalMs: hour, everyEvents: 10 });
    await audit.startSealing();
    for (let i = 0; i < 20; i++) {
      await ledger.submit([1, 2, 3, 4, 5].map((n) => failed(i * 5 + n, `n${n}`)));
    }
    await eventually(async () => expect((await sealsOf(ledger)).length).toBeGreaterThan(1));
    for (const { sequence, size } of await sealsOf(ledger)) expect(size).toBe(sequence - 1);
    await audit.close();
  });

  test("is sealed when it stops, and continues from that seal when it starts again", async () => {
    await using temporary = temporaryLedger();
    const first = await temporary.open();
    await first.submit([failed(1)]);
    const audit = auditOf(first, { intervalMs: hour });
    await audit.startSealing();
    await audit.close();
    expect(await sealsOf(first)).toHaveLength(1);
    await first.close();
    const second = await temporary.open();
    const again = auditOf(second, { intervalMs: hour });
    await again.startSealing();
    expect(again.sealing()).toMatchObject({ sealedSize: 1 });
    await again.close();
    expect(await sealsOf(second)).toHaveLength(1);
  });

  test("is sealed after a long idle time, so that ledger time advances", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    await ledger.submit([failed(1)]);
    const audit = auditOf(ledger, { idleIntervalMs: 0 });
    await audit.startSealing();
    await eventually(async () => expect((await sealsOf(ledger)).length).toBeGreaterThan(2));
    await audit.close();
  });

  test("is not sealed without a key, or without events", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    for (const options of [{ signer: undefined }, { idleIntervalMs: 0 }]) {
      const audit = auditOf(ledger, options);
      await audit.startSealing();
      await audit.close();
    }
    expect(await sealsOf(ledger)).toEqual([]);
  });
});

describe("the witness", () => {
  test("that is a file gets every checkpoint, one after another", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const file = `${temporary.path}.checkpoints`;
    const audit = auditOf(ledger, { witness: witness(file) });
    await audit.startSealing();
    for (const n of [1, 2]) {
      await ledger.submit([failed(n)]);
      await eventually(async () => expect(await sealsOf(ledger)).toHaveLength(n));
    }
    await audit.close();
    const notes = (await sealsOf(ledger)).map(({ note }) => note);
    expect(readFileSync(file, "utf8")).toBe(notes.join(""));
    expect(audit.sealing()).toBeNull();
  });

  test("that is a webhook is retried, and a failure is reported and stops nothing", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const received: string[] = [];
    let isUp = false;
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        if (isUp) received.push(body);
        response.writeHead(isUp ? 204 : 500).end();
      });
    });
    await new Promise<void>((resume) => server.listen(0, "127.0.0.1", resume));
    const { port } = server.address() as AddressInfo;
    const failures: string[] = [];
    const audit = auditOf(ledger, {
      witness: witness(`http://127.0.0.1:${port}/seals?token=secret`),
      retryAfterMs: 1,
      onFailure: (_, what) => failures.push(what),
    });
    await audit.startSealing();
    await ledger.submit([failed(1)]);
    await eventually(() => expect(audit.sealing()?.failures).toBeGreaterThan(0));
    expect(audit.sealing()).toMatchObject({
      isBehind: true,
      lastError: expect.stringContaining("500"),
    });
    expect(failures[0]).toContain(`http://127.0.0.1:${port}/…`);
    expect(failures.join()).not.toContain("secret");
    expect((await ledger.submit([failed(2)]))[0]?.status).toBe("appended");
    isUp = true;
    await eventually(() => expect(audit.sealing()).toMatchObject({ isBehind: false }));
    await audit.close();
    server.close();
    expect(received.at(-1)).toBe((await sealsOf(ledger)).at(-1)?.note);
  });

  test("that does not answer does not delay seals", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const sent: string[] = [];
    const answered = Promise.withResolvers<void>();
    const slow = {
      description: "a slow place",
      write: async (checkpoint: string) => {
        sent.push(checkpoint);
        await answered.promise;
      },
    };
    const audit = auditOf(ledger, { intervalMs: hour, everyEvents: 5, witness: slow });
    await audit.startSealing();
    for (let round = 0; round < 4; round++) {
      await ledger.submit([1, 2, 3, 4, 5].map((n) => failed(round * 5 + n, `n${n}`)));
      await eventually(async () => expect(await sealsOf(ledger)).toHaveLength(round + 1));
    }
    const notes = (await sealsOf(ledger)).map(({ note }) => note);
    expect(sent).toEqual(notes.slice(0, 1));
    expect(audit.sealing()).toMatchObject({ isBehind: true, failures: 0 });
    answered.resolve();
    await eventually(() => expect(audit.sealing()).toMatchObject({ isBehind: false }));
    await audit.close();
    // The newest, once there is a place for it; those between are in the ledger, and under it.
    expect(sent).toEqual([notes[0], notes.at(-1)]);
  });

  test("that does not answer does not delay a stop, and is reported", async () => {
    const told: string[] = [];
    const silent = { description: "silent", write: () => new Promise<void>(() => undefined) };
    const sender = new CheckpointSender({
      witness: silent,
      stopMs: 20,
      onFailure: (error, what) => told.push(`${what}: ${String(error)}`),
    });
    sender.send("checkpoint");
    await sender.stop();
    expect([sender.isBehind, told]).toEqual([true, [expect.stringContaining("silent")]]);
  });

  test("gets the last checkpoint after a restart, if it did not get it before", async () => {
    await using temporary = temporaryLedger();
    const file = `${temporary.path}.checkpoints`;
    const failing = { description: "nowhere", write: () => Promise.reject(new Error("away")) };
    const first = await temporary.open();
    await first.submit([failed(1)]);
    const audit = auditOf(first, { intervalMs: hour, witness: failing, retryAfterMs: 1 });
    await audit.startSealing();
    await audit.close();
    await first.close();
    for (let start = 0; start < 2; start++) {
      const again = await temporary.open();
      const sealing = auditOf(again, { intervalMs: hour, witness: witness(file) });
      await sealing.startSealing();
      await eventually(() => expect(sealing.sealing()).toMatchObject({ isBehind: false }));
      await sealing.close();
      const [seal] = await sealsOf(again);
      expect(readFileSync(file, "utf8")).toBe(seal?.note);
      await again.close();
    }
  });

  test("that is a file whose last line was cut off gets the next checkpoint on a new line", async () => {
    await using temporary = temporaryLedger();
    const file = `${temporary.path}.checkpoints`;
    await witness(file).write("one\n");
    writeFileSync(file, "one\ntw");
    await witness(file).write("three\n");
    expect(readFileSync(file, "utf8")).toBe("one\ntw\nthree\n");
  });

  test("that cannot be reached is reported with the reason", async () => {
    const sender = new CheckpointSender({
      witness: witness("http://127.0.0.1:9/seals"),
      onFailure: () => undefined,
      retryAfterMs: 1,
    });
    sender.send("a checkpoint");
    await eventually(() => expect(sender.failures).toBe(1));
    expect(sender.lastError).toMatch(
      /^sending the checkpoint to http:\/\/127\.0\.0\.1:9\/….* could not be reached: .+/,
    );
    expect(sender.isBehind).toBe(true);
  });

  test.each(["", "https://"])("a witness named %j is refused", (name) => {
    expect(() => witness(name)).toThrow(/no name|not a valid address/);
  });
});
