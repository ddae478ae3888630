/** A store that was put back to an older state behind a mirror, and a mirror that stands where no log has brought it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { newKey } from "../../../src/tree/signed-note.ts";
import { positionMark } from "../../../src/store/sqlite/rows/marks.ts";
import { openLedger } from "../../../src/ledger/open-ledger.ts";
import {
  checkedEvent,
  checkedEvents,
  part,
  positionOf,
  settled,
} from "../../contract/sample-events.ts";
import { run } from "../../cli/run.ts";
import { freshFolder, ledgerOn, statusOf, until } from "../ledger-on-server.ts";
import { around, openOnStandIn, proposed } from "./on-stand-in.ts";
import { startStandIn } from "./stand-in.ts";

/** Samples are taken where a test says so: what else is found is found by a start or a new connection. */
const samples = vi.hoisted(() => ({ everyMs: 600_000 }));
// A log that ends before the mirror is looked at again for a moment only.
vi.mock("../../../src/limits/kurrentdb.ts", async (original) => ({
  ...(await original<object>()),
  get mirrorCheckMs() {
    return samples.everyMs;
  },
  putBackMs: 300,
  putBackLookMs: 20,
}));

const words = "the store was restored to an older state";

/** A ledger of ten events in a mirror that nobody has open. */
async function tenEvents() {
  const standIn = await startStandIn();
  const on = around(standIn, ledgerOn(standIn.url));
  const folder = freshFolder();
  const store = await on.ledger.open(folder);
  await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(10)));
  await store.close();
  return { ...on, folder, log: standIn.log };
}

/** Sets the position in the mirror's file. */
function setPosition(folder: string, position: bigint): void {
  const db = new DatabaseSync(join(folder, "mirror.sqlite"));
  db.prepare("INSERT OR REPLACE INTO marks (name, value) VALUES (?, ?)").run(
    positionMark,
    `${position}/${position}`,
  );
  db.close();
}

describe("a store that was restored to an older state", () => {
  test("stops a running mirror when it reconnects: nothing more is acknowledged, and it is no longer live", async () => {
    const { standIn, store } = await openOnStandIn();
    await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(10)));
    standIn.log.putBack(standIn.log.events.length - 4);
    standIn.cut();
    await until(() => statusOf(store).mirrorState === "stopped");
    expect(statusOf(store).error).toContain(`the mirror has stopped: ${words}`);
    const [outcome] = await store.append([part("node-alpha:t", "no-stream", checkedEvents(1))]);
    expect(outcome).toMatchObject({ ok: false, error: { code: "store-put-back" } });
    expect((await store.head()).sequence).toBe(10);
  });

  test("stops a running mirror at the next sample, if the connection survives", async () => {
    samples.everyMs = 50;
    onTestFinished(() => void (samples.everyMs = 600_000));
    const { standIn, store } = await openOnStandIn();
    await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(10)));
    const begun = standIn.subscriptions.length;
    standIn.log.putBack(standIn.log.events.length - 4);
    await until(() => statusOf(store).mirrorState === "stopped");
    expect(statusOf(store).error).toContain(words);
    expect(standIn.subscriptions).toHaveLength(begun);
  });

  test("acknowledges nothing that was sent before the mirror has compared itself", async () => {
    const { standIn, store } = await openOnStandIn();
    await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(10)));
    standIn.holdAppends(() => true);
    const sent = store.append([part("node-alpha:t", "no-stream", checkedEvents(1))]);
    await until(() => standIn.heldAppends === 1);
    standIn.log.putBack(standIn.log.events.length - 4);
    standIn.cut();
    standIn.releaseAppends();
    expect(await sent).toMatchObject([{ ok: false }]);
    expect((await store.head()).sequence).toBe(10);
  });

  test("stops a mirror at each start, with the same message, until the log is complete again", async () => {
    const { ledger, folder, log } = await tenEvents();
    const whole = [...log.events];
    log.putBack(whole.length - 4);
    for (let start = 0; start < 2; start++) {
      const store = await ledger.open(folder);
      expect(statusOf(store).mirrorState).toBe("stopped");
      expect(statusOf(store).error).toContain(words);
      await store.close();
    }
    // The newer backup was found after all.
    for (const { stream, revision, ...event } of whole.slice(-4)) {
      log.append(stream, revision - 1n, [event]);
    }
    const mended = await ledger.open(folder);
    await positionOf(mended, part("node-alpha:s", 9n, checkedEvents(1)));
    expect(statusOf(mended)).toMatchObject({ mirrorState: "live", error: null });
  });

  test.each([
    ["with other events in the same stream", "node-alpha:s", 5n],
    ["with events of another stream", "node-alpha:other", "no-stream"],
  ] as const)(
    "stops a mirror if the store has grown past the mirror's position %s",
    async (_, stream, after) => {
      const { ledger, folder, log, appendElsewhere } = await tenEvents();
      log.putBack(log.events.length - 4);
      appendElsewhere(stream, after, checkedEvents(20));
      const store = await ledger.open(folder);
      expect(statusOf(store).mirrorState).toBe("stopped");
      expect(statusOf(store).error).toContain(words);
    },
  );

  test("stops a mirror if the same last event is now at another position", async () => {
    const { ledger, folder, log, named, appendElsewhere } = await tenEvents();
    const [last] = log.events.slice(-1);
    if (last === undefined) throw new Error("no event");
    log.putBack(log.events.length - 1);
    appendElsewhere("node-alpha:other", "no-stream", checkedEvents(3));
    expect(log.append(named("node-alpha:s"), 8n, [last]).kind).toBe("stored");
    const store = await ledger.open(folder);
    expect(statusOf(store).error).toContain(
      `${words}, or is a different one: the event at sequence 10`,
    );
  });

  test("costs a mirror nothing: a backup of its file is complete, and so is a copy to another prefix", async () => {
    const standIn = await startStandIn();
    const folder = freshFolder();
    const name = ledgerOn(standIn.url).name(folder);
    const ledger = await openLedger({ store: name, mode: "write" });
    const sent = ["n1", "n2", "n3"].map((node) => ({
      id: crypto.randomUUID(),
      type: "NodeFailed",
      occurredAt: "2026-03-01T10:00:00Z",
      data: { cluster: "alpha", node, faultId: "f1", category: "hardware" },
    }));
    for (const event of sent) await ledger.submit([event]);
    await ledger.close();
    standIn.log.putBack(standIn.log.events.length - 2);
    const report = await run(
      "report",
      "--store",
      name,
      "--cluster",
      "alpha",
      "--period",
      "2026-03",
    );
    expect(report).toMatchObject({ code: 1, said: expect.stringContaining(words) as string });
    const [file, key] = [join(folder, "backup.sqlite"), join(folder, "ledger.pub")];
    writeFileSync(key, `${newKey("example.org/ledger").verifier}\n`);
    const backup = await run("backup", "--store", `sqlite:${folder}/mirror.sqlite`, file);
    expect(backup.code).toBe(0);
    const verified = await run("verify", "--store", `sqlite:${file}`, "--key", key);
    // Nobody sealed it; nothing else is wrong.
    expect(verified.out).toMatch(/rebuilt: size 3,[^]*WRONG {2}not sealed[^]*: 1 finding/);
    const target = ledgerOn(standIn.url).name(freshFolder());
    const copied = await run("copy", "--from", `sqlite:${file}`, "--to", target);
    expect(copied).toMatchObject({ code: 0, out: expect.stringContaining("3 events") as string });
  });
});

describe("a mirror whose stored position was set too far ahead", () => {
  test.each([
    ["with ten events", 10],
    ["without any event", 0],
  ])("beyond the end of the log stops, %s", async (_, count) => {
    const standIn = await startStandIn();
    const { ledger, named } = around(standIn, ledgerOn(standIn.url));
    const folder = freshFolder();
    const store = await ledger.open(folder);
    if (count > 0) await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(count)));
    await store.close();
    const end = standIn.log.events.at(-1)?.position ?? 0n;
    setPosition(folder, end + 5_000n);
    const opened = await ledger.open(folder);
    expect(statusOf(opened)).toMatchObject({ mirrorState: "stopped" });
    expect(statusOf(opened).error).toContain(words);
    standIn.log.append(named("node-alpha:n1"), "no-stream", proposed([checkedEvent({})]));
    expect((await opened.head()).sequence).toBe(count);
  });

  test.each([
    ["with three events", 3],
    ["without any event", 0],
  ])("within the log, past events that it lacks, stops, %s", async (_, count) => {
    const standIn = await startStandIn();
    const { ledger, appendElsewhere } = around(standIn, ledgerOn(standIn.url));
    const folder = freshFolder();
    const store = await ledger.open(folder);
    if (count > 0) await positionOf(store, part("node-alpha:s", "no-stream", checkedEvents(count)));
    await store.close();
    appendElsewhere("node-alpha:missed", "no-stream", checkedEvents(5));
    setPosition(folder, standIn.log.events.at(-2)?.position ?? 0n);
    const opened = await ledger.open(folder);
    expect(statusOf(opened).mirrorState).toBe("stopped");
    expect(statusOf(opened).error).toContain("node-alpha:missed) is missing from the mirror");
  });

  test("past events of other programs only continues", async () => {
    const { standIn, ledger, folder, log } = await tenEvents();
    standIn.log.append("another's", "any", proposed(checkedEvents(5)));
    setPosition(folder, log.events.at(-1)?.position ?? 0n);
    const opened = await ledger.open(folder);
    await positionOf(opened, part("node-alpha:s", 9n, checkedEvents(1)));
    await settled(opened, 11);
    expect(statusOf(opened).error).toBeNull();
  });
});
