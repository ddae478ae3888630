import { spawnSync } from "node:child_process";
import { existsSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import type { EmbeddedStore } from "../../../src/store/sqlite/embedded.ts";
import { openEmbeddedStore } from "../../../src/store/sqlite/embedded.ts";
import {
  allEvents,
  checkedEvent,
  checkedEvents,
  collect,
  part,
  positionOf,
  refusalOf,
} from "../../contract/sample-events.ts";
import { freshPath, tamper } from "./ledger-file.ts";

async function open(path: string, mode: "read" | "write" = "write"): Promise<EmbeddedStore> {
  const store = await openEmbeddedStore({ path, mode });
  onTestFinished(() => store.close());
  return store;
}

/** A ledger of ten events that nobody has open. */
async function closedLedger(): Promise<string> {
  const path = freshPath();
  const store = await openEmbeddedStore({ path, mode: "write" });
  await positionOf(store, part("a", "no-stream", checkedEvents(10)));
  await store.close();
  return path;
}

describe("the single writer", () => {
  test("keeps out a second one, under any name of the file, and the message names the first", async () => {
    const path = freshPath();
    await open(path);
    const alias = `${path}-alias`;
    symlinkSync(path, alias);
    for (const name of [path, alias]) {
      await expect(openEmbeddedStore({ path: name, mode: "write" })).rejects.toMatchObject({
        code: "ledger-locked",
        message: expect.stringContaining(path) as unknown,
      });
    }
  });

  test("keeps out one in another process, and lets it in after it has ended", async () => {
    const path = freshPath();
    const store = await openEmbeddedStore({ path, mode: "write" });
    const script = join(import.meta.dirname, "open-for-writing.ts");
    const attempt = () => spawnSync(process.execPath, [script, path], { encoding: "utf8" }).stdout;
    expect(attempt()).toBe("ledger-locked");
    await store.close();
    expect(attempt()).toBe("opened");
  });

  test("leaves no lock behind if it could not open the file", async () => {
    const path = freshPath();
    writeFileSync(path, "no ledger at all, and long enough to have a header ".repeat(10));
    await expect(openEmbeddedStore({ path, mode: "write" })).rejects.toMatchObject({
      code: "not-a-ledger",
    });
    truncateSync(path, 0);
    expect((await (await open(path)).head()).sequence).toBe(0);
  });
});

describe("readers", () => {
  test("see what the writer appends, and are woken by it", async () => {
    const path = freshPath();
    const writer = await open(path);
    const reader = await open(path, "read");
    const stop = new AbortController();
    const seen: number[] = [];
    const following = (async () => {
      for await (const batch of reader.subscribe(0, stop.signal)) {
        seen.push(...batch.map((event) => event.sequence));
        if (seen.length === 30) stop.abort();
      }
    })();
    const [known] = checkedEvents(1);
    if (known === undefined) throw new Error("no event");
    for (let stream = 0; stream < 9; stream++) {
      await positionOf(writer, part(`s${stream}`, "no-stream", checkedEvents(3)));
    }
    expect(await reader.findById(known.id)).toBeNull();
    await positionOf(writer, part("a", "no-stream", [known, ...checkedEvents(2)], 9_000));
    await following;
    expect(seen).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect((await reader.findById(known.id))?.sequence).toBe(28);
    expect(await reader.head()).toEqual({ sequence: 30, recordedAt: 9_000 });
    expect(await reader.streamRevision("a")).toBe(2n);
  });

  test("cannot append or set marks", async () => {
    const reader = await open(await closedLedger(), "read");
    const error = await refusalOf(reader, part("a", 9n, checkedEvents(1)));
    expect(error).toMatchObject({ code: "read-only" });
    await expect(reader.setMark("a", "b")).rejects.toMatchObject({ code: "read-only" });
  });

  test("can open a ledger that nobody writes to, and create no files", async () => {
    expect(await allEvents(await open(await closedLedger(), "read"))).toHaveLength(10);
    const nowhere = freshPath();
    await expect(openEmbeddedStore({ path: nowhere, mode: "read" })).rejects.toMatchObject({
      code: "not-found",
    });
    expect(existsSync(nowhere)).toBe(false);
  });
});

describe("a ledger's file", () => {
  test.each(["read", "write"] as const)(
    "in a newer format is refused by name (%s)",
    async (mode) => {
      const path = await closedLedger();
      tamper(path, "PRAGMA user_version = 99");
      await expect(openEmbeddedStore({ path, mode })).rejects.toMatchObject({
        code: "unknown-format",
        message: expect.stringMatching(
          /format 99; .* formats 2 to 5 only\. Open it with the newer version/,
        ) as unknown,
        extra: { found: 99, known: 5 },
      });
    },
  );

  test.each(["read", "write"] as const)(
    "that belongs to another program is refused (%s)",
    async (mode) => {
      const path = freshPath();
      const other = new DatabaseSync(path);
      other.exec("CREATE TABLE events (a)");
      other.close();
      await expect(openEmbeddedStore({ path, mode })).rejects.toMatchObject({
        code: "not-a-ledger",
      });
    },
  );

  test("that a crash left empty becomes a ledger", async () => {
    const path = freshPath();
    writeFileSync(path, "");
    await positionOf(await open(path), part("a", "no-stream", checkedEvents(1)));
    expect((await allEvents(await open(path, "read"))).length).toBe(1);
  });

  test("has plain rows for any SQLite tool, which cannot edit or delete them", async () => {
    const path = freshPath();
    const store = await openEmbeddedStore({ path, mode: "write" });
    const event = checkedEvent({ attribution: { source: "prober" } });
    await positionOf(store, part("node-alpha:n1", "no-stream", [event]));
    await store.close();
    const tool = new DatabaseSync(path);
    onTestFinished(() => tool.close());
    expect({ ...tool.prepare("SELECT * FROM events").get() }).toEqual({
      sequence: 1,
      stream: "node-alpha:n1",
      revision: 0,
      id: event.id,
      type: "NodeFailed",
      schema_version: 1,
      occurred_at: 1_000,
      recorded_at: 5_000,
      data: '{"category":"hardware","cluster":"alpha","faultId":"f1","node":"n1"}',
      attribution: '{"source":"prober"}',
    });
    expect(() => tool.exec("UPDATE events SET data = '{}'")).toThrow(/never edited/);
    expect(() => tool.exec("DELETE FROM events")).toThrow(/never deleted/);
  });

  test("with a missing sequence is refused to a writer, and can be read up to the gap", async () => {
    const path = await closedLedger();
    tamper(path, "DELETE FROM events WHERE sequence = 4");
    const missing = { code: "corrupt-event", extra: { sequence: 4 } };
    await expect(openEmbeddedStore({ path, mode: "write" })).rejects.toMatchObject(missing);
    const reader = await open(path, "read");
    await expect(allEvents(reader)).rejects.toMatchObject(missing);
    await expect(reader.readAt(4)).rejects.toMatchObject(missing);
    await expect(collect(reader.readStream("a"))).rejects.toMatchObject({
      code: "corrupt-event",
      extra: { sequence: 4 },
    });
  });

  test("with overwritten pages names the first event that cannot be read", async () => {
    const path = await closedLedger();
    tamper(path, "UPDATE events SET occurred_at = 9007199254740993 WHERE sequence = 7");
    const reader = await open(path, "read");
    await expect(allEvents(reader)).rejects.toMatchObject({
      code: "corrupt-event",
      extra: { sequence: 7 },
    });
  });
});

describe("a backup", () => {
  test("taken while events arrive is a ledger of the first of them", async () => {
    const path = freshPath();
    const store = await open(path);
    for (let stream = 0; stream < 20; stream++) {
      await positionOf(store, part(`s${stream}`, "no-stream", checkedEvents(100)));
    }
    const copy = `${path}-copy`;
    const running = store.backup(copy);
    for (let late = 0; late < 20; late++) {
      await positionOf(store, part(`late${late}`, "no-stream", checkedEvents(50)));
    }
    await running;
    const copied = await allEvents(await open(copy, "read"));
    expect(copied.length).toBeGreaterThanOrEqual(2_000);
    expect(copied).toEqual((await allEvents(store)).slice(0, copied.length));
  });

  test("never overwrites a file", async () => {
    const path = await closedLedger();
    const store = await open(path);
    await expect(store.backup(path)).rejects.toMatchObject({ code: "invalid-request" });
    expect(await allEvents(store)).toHaveLength(10);
  });
});

test("raw reads return the stored texts", async () => {
  const store = await open(freshPath());
  const event = checkedEvent();
  await positionOf(store, part("a", "no-stream", [event]));
  const [raw] = (await collect(store.readRaw(0))).flat();
  expect(raw).toMatchObject({ dataJson: event.dataJson, attributionJson: "{}", revision: 0 });
});
