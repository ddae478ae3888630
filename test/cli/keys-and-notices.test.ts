/** A ledger with keys and notices in it is replayed, exported and verified like any other. */
import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { Noticer } from "../../src/sinks/notices/noticer.ts";
import { anEvent } from "../http/app/memory-ledger.ts";
import { run, temporaryFolder } from "./run.ts";

let folder = temporaryFolder();
afterEach(() => {
  folder.remove();
  folder = temporaryFolder();
});

test("replay and verify take keys and notices, and find a notice that was changed", async () => {
  const store = ["--store", `sqlite:${folder.path("l.sqlite")}`];
  await run("access", "add", "ann", "--role", "admin", ...store);
  const { out: wall } = await run("access", "add", "wall", "--role", "viewer", ...store);
  await run("access", "revoke", wall.slice(4, 14), "--actor", "ann", ...store);
  const ledger = await openLedger({ store: store[1] ?? "", mode: "write" });
  await ledger.submit([
    anEvent({ type: "NodeCommissioned", data: { cluster: "alpha", node: "n1" } }),
    anEvent({
      type: "NodeFailed",
      data: { cluster: "alpha", node: "n1", faultId: "f1", category: "hardware" },
    }),
  ]);
  const nothing = () => undefined;
  const isInCharge = () => true;
  const options = {
    ledger,
    isInCharge,
    sealing: () => null,
    onRaised: nothing,
    onFailure: nothing,
  };
  const key = "am 2026-03-01T00:00:00.000Z";
  const at = Date.UTC(2026, 2, 1, 0, 5);
  await new Noticer(options).raise([
    { notice: "source.silent", cluster: "alpha", key, at, reason: "it is silent" },
    { notice: "seal.behind", key: "2026-03-01", at, reason: "nobody seals" },
  ]);
  await ledger.close();

  const replayed = await run("replay", ...store);
  expect([replayed.code, replayed.out]).toEqual([0, expect.stringContaining("from 7 raw events")]);
  await run("keys", "new", "--out", folder.path("keys"));
  const bundle = folder.path("bundle");
  const signing = ["--bundle", bundle, "--key", folder.path("keys/ledger.key")];
  expect((await run("export", ...signing, ...store)).code).toBe(0);
  const verify = () => run("verify", bundle, "--key", folder.path("keys/ledger.pub"));
  expect((await verify()).code).toBe(0);
  const text = readFileSync(bundle, "latin1");
  expect(text).toContain("it is silent");
  writeFileSync(bundle, text.replace("it is silent", "it is silenT"), "latin1");
  expect((await verify()).code).toBe(1);
});
