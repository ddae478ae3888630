/** A ledger in KurrentDB is backed up from its mirror, and becomes a ledger in a file. */
import { join } from "node:path";
import { afterAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { newKey } from "../../src/tree/signed-note.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { run } from "../cli/run.ts";
import { writeFileSync } from "node:fs";
import { freshFolder, ledgerOn } from "./ledger-on-server.ts";
import { sayWhySkipped, sharedServer, stopSharedServer, whyNoServer } from "./server.ts";

sayWhySkipped(whyNoServer);
afterAll(stopSharedServer);

const failure = (node: string) => ({
  id: crypto.randomUUID(),
  type: "NodeFailed",
  occurredAt: "2026-03-01T10:00:00Z",
  data: { cluster: "alpha", node, faultId: "f1", category: "hardware" },
});

/** A ledger of two events, a key file for who verifies, and a folder. */
async function smallLedger() {
  const folder = freshFolder();
  const name = ledgerOn(await sharedServer()).name(join(folder, "mirror"));
  const ledger = await openLedger({ store: name, mode: "write" });
  onTestFinished(() => ledger.close());
  await ledger.submit([failure("n1"), failure("n2")]);
  const key = join(folder, "ledger.pub");
  writeFileSync(key, `${newKey("example.org/ledger").verifier}\n`);
  return { folder, name, ledger, key };
}

describe.skipIf(whyNoServer !== null)("a ledger in KurrentDB", () => {
  test.each([
    ["while it runs", false],
    ["while nothing runs", true],
  ])("can be backed up %s; restored, it is a file that can be written to", async (_, isClosed) => {
    const { folder, name, ledger } = await smallLedger();
    if (isClosed) await ledger.close();
    const file = join(folder, "backup.sqlite");
    const backup = await run("backup", "--store", name, file);
    expect(backup).toMatchObject({ code: 0, said: expect.stringContaining("2 events") as string });
    const restored = `sqlite:${join(folder, "restored.sqlite")}`;
    expect((await run("restore", file, "--store", restored, "--unsealed")).code).toBe(0);
    const again = await openLedger({ store: restored, mode: "write" });
    onTestFinished(() => again.close());
    const [submission] = await again.submit([failure("n3")]);
    expect(submission).toMatchObject({ status: "appended", sequence: 3 });
  });

  test("is verified under the name and mirror directory from the environment", async () => {
    const { folder, name, ledger, key } = await smallLedger();
    await ledger.close();
    const [store = "", own = ""] = name.split("#", 2);
    const prefix = new URLSearchParams(own).get("prefix") ?? "";
    vi.stubEnv("FLEETLEDGER_STORE", `${store}#prefix=${prefix}`);
    vi.stubEnv("FLEETLEDGER_DATA", join(folder, "mirror"));
    onTestFinished(() => void vi.unstubAllEnvs());
    const { code, out } = await run("verify", "--key", key);
    expect(out).toMatch(/store +2 events compared with their records/);
    // Nobody sealed it; nothing else is wrong.
    expect(out).toMatch(/WRONG {2}not sealed[^]*: 1 finding/);
    expect(code).toBe(1);
  });
});
