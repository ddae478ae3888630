import { execFileSync } from "node:child_process";
import { take } from "./take.ts";
import fs, { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { eventually } from "../eventually.ts";
import { definitionHash } from "../../src/read-model/snapshots/definition-hash.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { DerivedFile } from "../../src/read-model/snapshots/derived-file.ts";
import { sourceOf } from "../../src/read-model/snapshots/segment-source.ts";
import type { Say } from "../../src/store/telling.ts";
import { randomHistory } from "../histories/random-history.ts";
import { expectPlain, fileOptions, longHistory, newPath, sizes, started } from "./kept-file.ts";
import { randomSource } from "../histories/random-source.ts";
import { soakRuns } from "../random-runs.ts";
import { ListStore } from "./list-store.ts";
import { storedHistory } from "./stored-history.ts";

describe("a snapshot", () => {
  test("at any position, followed by the later events, gives the views of a replay from the first event", async () => {
    for (let seed = 1; seed <= soakRuns(60, 20); seed++) {
      const events = storedHistory(randomHistory(seed));
      const path = newPath(`any-${seed}`);
      const place = randomSource(seed).between(0, events.length);
      await (await started(new ListStore(events.slice(0, place)), path)).stop();
      const store = new ListStore(events);
      const projector = await started(store, path);
      expect(store.readsAfter).toEqual([place - (place % sizes.segmentEvents)]);
      expectPlain(projector.model, events, `seed ${seed}`);
      await projector.stop();
    }
  });

  test("grows with the ledger while that is followed", async () => {
    const events = longHistory(11);
    const path = newPath("grows");
    const store = new ListStore(events.slice(0, 5));
    const projector = await started(store, path);
    const before = statSync(path).size;
    store.add(events.slice(5, 30));
    await projector.waitFor(30, 600_000);
    await eventually(() => expect(statSync(path).size).toBeGreaterThan(before));
    await projector.stop();
    const again = new ListStore(events);
    await (await started(again, path)).stop();
    expect(again.readsAfter).toEqual([24]);
  });

  test("that is damaged anywhere only costs rebuilding what is lost", async () => {
    const events = longHistory(12);
    const path = newPath("damaged");
    await (await started(new ListStore(events), path)).stop();
    const whole = readFileSync(path);
    const random = randomSource(12);
    for (let run = 0; run < soakRuns(60, 20); run++) {
      const damaged = Buffer.from(whole);
      const at = random.below(whole.length);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << random.below(8));
      writeFileSync(path, run % 3 === 0 ? whole.subarray(0, at) : damaged);
      const projector = await started(new ListStore(events), path);
      expectPlain(projector.model, events, `run ${run}, byte ${at}`);
      await projector.stop();
      expect(readFileSync(path).equals(whole)).toBe(true);
    }
  });

  test("of another ledger is discarded", async () => {
    const path = newPath("other");
    const others = longHistory(13);
    await (await started(new ListStore(others), path)).stop();
    const events = longHistory(14);
    const store = new ListStore(events);
    const said: string[] = [];
    const projector = await started(store, path, { say: (text) => said.push(text) });
    expect(store.readsAfter).toEqual([0]);
    expectPlain(projector.model, events, "another ledger");
    await projector.stop();
    expect(said).toEqual([expect.stringContaining(`${path} does not belong to this ledger`)]);
  });

  test("of a ledger that differs in one event within a segment is discarded before it is used", async () => {
    const path = newPath("one-other");
    const events = longHistory(17);
    const others = events.map((event) =>
      event.sequence === 12 ? { ...event, occurredAt: event.occurredAt + 1_000 } : event,
    );
    await (await started(new ListStore(others), path)).stop();
    const said: string[] = [];
    const store = new ListStore(events);
    const projector = await started(store, path, { say: (text) => said.push(text) });
    expectPlain(projector.model, events, "one other event");
    await projector.stop();
    expect(said).toEqual([expect.stringContaining("its events 9 to 16 differ")]);
  });

  test("is not changed by a reader", async () => {
    const events = longHistory(15);
    const path = newPath("reader");
    await (await started(new ListStore(events.slice(0, 20)), path)).stop();
    const before = readFileSync(path);
    const projector = await started(new ListStore(events), path, { mode: "read" });
    expectPlain(projector.model, events, "a reader");
    await projector.stop();
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test("made by other definitions serves while the model is rebuilt, and is then replaced", async () => {
    const events = longHistory(16);
    const path = newPath("stale");
    const model = new LiveModel(sizes);
    const filled = take(model, events.slice(0, 20));
    const store = new ListStore(events.slice(0, 30));
    const file = DerivedFile.open(path, "write", fileOptions);
    file?.restart("of other definitions");
    for (const sealed of filled) file?.append(sealed, await sourceOf(store, sealed.first - 1, 8));
    file?.close();
    const projector = await started(store, path);
    expect(projector.status(0)).toMatchObject({ state: "rebuilding", sequence: 30 });
    const old = projector.model;
    expectPlain(old, events.slice(0, 30), "the old model");
    store.add(events.slice(30));
    await projector.rebuild();
    expect(projector.model).not.toBe(old);
    await projector.waitFor(events.length, 600_000);
    expectPlain(projector.model, events, "the new model");
    expect(projector.status(0)).toMatchObject({ state: "ready", progress: 1 });
    await projector.stop();
    const kept = DerivedFile.open(path, "read", fileOptions);
    expect(kept?.read()?.definitionHash).toBe(definitionHash());
    kept?.close();
  });
});

describe("a file that cannot be written", () => {
  /** The next writes fail, as many as `count`, as on a disk that is full or broken. */
  function failWrites(code: "EIO" | "ENOSPC", count: number): void {
    const write = fs.writeSync;
    let left = count;
    const broken = vi.spyOn(fs, "writeSync").mockImplementation((...args) => {
      if (left-- > 0) throw Object.assign(new Error(`${code}: write`), { code });
      return Reflect.apply(write, fs, args);
    });
    syncBuiltinESMExports();
    onTestFinished(() => {
      broken.mockRestore();
      syncBuiltinESMExports();
    });
  }

  test.each(["EIO", "ENOSPC"] as const)(
    "once (%s) freezes no figure: this is logged and shown, and later the file is updated again",
    async (code) => {
      const events = longHistory(18);
      const path = newPath(`once-${code}`);
      const said: string[] = [];
      const store = new ListStore(events.slice(0, 5));
      const projector = await started(store, path, { say: (text) => said.push(text) });
      // Once for each time that it is tried.
      failWrites(code, 3);
      store.add(events.slice(5, 20));
      await projector.waitFor(20, 600_000);
      await eventually(() => expect(projector.status(0).derivedError).toContain(path));
      expect(said).toEqual([expect.stringMatching(new RegExp(`${path} .*${code}`))]);
      expectPlain(projector.model, events.slice(0, 20), "after the fault");
      store.add(events.slice(20));
      await projector.waitFor(events.length, 600_000);
      await eventually(() => expect(projector.status(0).derivedError).toBeNull());
      expectPlain(projector.model, events, "after the retry");
      expect(said.at(-1)).toContain("is being updated again");
      await projector.stop();
      const again = new ListStore(events);
      const restarted = await started(again, path);
      expect(again.readsAfter).toEqual([events.length - (events.length % 8)]);
      expectPlain(restarted.model, events, "after a restart");
      await restarted.stop();
    },
  );

  test.each([
    ["a folder", (path: string) => mkdirSync(path)],
    ["a named pipe", (path: string) => execFileSync("mkfifo", [path])],
  ])("because it is %s is done without, and named", async (kind, make) => {
    const path = newPath(`kind-${kind.replaceAll(" ", "-")}`);
    make(path);
    const events = longHistory(19);
    for (const mode of ["write", "read"] as const) {
      const said: string[] = [];
      const say: Say = (text) => said.push(text);
      const projector = await started(new ListStore(events), path, { mode, say });
      expectPlain(projector.model, events, kind);
      expect(projector.status(0)).toMatchObject({ state: "ready" });
      expect(said).toEqual([
        expect.stringContaining(`${path} cannot be read or written: it is ${kind}`),
      ]);
      await projector.stop();
    }
  });
});

describe("a rebuild", () => {
  test("replaces the serving model, whatever arrives in the meantime", async () => {
    for (let seed = 1; seed <= soakRuns(30, 10); seed++) {
      const events = storedHistory(randomHistory(seed, { maxEvents: 120 }));
      const store = new ListStore(events.slice(0, events.length >> 1));
      const projector = await started(store, null);
      const old = projector.model;
      const rebuilt = projector.rebuild();
      store.add(events.slice(events.length >> 1));
      await rebuilt;
      expect(projector.model).not.toBe(old);
      await projector.waitFor(events.length, 600_000);
      expectPlain(projector.model, events, `seed ${seed}`);
      await projector.stop();
    }
  });
});
