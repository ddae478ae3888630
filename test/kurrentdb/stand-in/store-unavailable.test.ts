/** What can still be read while the store is away, and what is said of it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { newKey } from "../../../src/tree/signed-note.ts";
import { openLedger } from "../../../src/ledger/open-ledger.ts";
import { storePatienceMs } from "../../../src/limits/kurrentdb.ts";
import { openKurrentDbStore } from "../../../src/store/kurrentdb/kurrentdb.ts";
import { run } from "../../cli/run.ts";
import { freshFolder, ledgerOn } from "../ledger-on-server.ts";
import { startStandIn } from "./stand-in.ts";

// Those who write have a patience here that never ends: who ends at all had not that one.
vi.mock("../../../src/limits/kurrentdb.ts", async (original) => ({
  ...(await original<object>()),
  storePatienceMs: 2_500,
  storeStartMs: 600_000,
}));

const instant = "2026-03-01T10:00:00Z";
const events = [
  { type: "ClusterRegistered", data: { cluster: "alpha" } },
  { type: "NodeCommissioned", data: { cluster: "alpha", node: "n1" } },
].map((event) => ({ ...event, id: crypto.randomUUID(), occurredAt: instant }));

/** The name of a ledger whose mirror has two events, and whose store has gone. */
async function bereft(sent: readonly object[] = events) {
  const standIn = await startStandIn();
  const folder = freshFolder();
  const name = ledgerOn(standIn.url).name(join(folder, "mirror"));
  const ledger = await openLedger({ store: name, mode: "write" });
  for (const submission of await ledger.submit(sent)) {
    expect(submission.status).toBe("appended");
  }
  await ledger.close();
  await standIn.close();
  const [secret, pub] = [join(folder, "ledger.key"), join(folder, "ledger.pub")];
  const key = newKey("example.org/ledger");
  writeFileSync(secret, `${key.secret}\n`);
  writeFileSync(pub, `${key.verifier}\n`);
  return { name, folder, secret, pub };
}

const fromMirror =
  /reaching kurrentdb:.* failed: .*. The answer comes from the mirror, which has reached sequence 2, recorded at 2\d{3}-/;

describe("while the store is unavailable,", () => {
  const commands: readonly [string, (at: Awaited<ReturnType<typeof bereft>>) => string[]][] = [
    ["report", () => ["--cluster", "alpha", "--period", "2026-03", "--zone", "UTC"]],
    ["events", () => []],
    ["replay", () => []],
    ["export", () => ["-"]],
    ["export", ({ folder, secret }) => ["--bundle", "--key", secret, join(folder, "bundle")]],
    ["backup", ({ folder }) => [join(folder, "backup.sqlite")]],
  ];
  test(`${commands.map(([command]) => command).join(", ")} read from the mirror and say so`, async () => {
    const ledgers = [];
    for (const [command, options] of commands)
      ledgers.push([command, options, await bereft()] as const);
    const ends = await Promise.all(
      ledgers.map(([command, options, at]) => run(command, "--store", at.name, ...options(at))),
    );
    for (const [i, [command]] of commands.entries()) {
      expect(ends[i], command).toMatchObject({ code: 0 });
      expect(ends[i]?.said, command).toMatch(fromMirror);
    }
  });

  test("verify reports what the mirror shows, and fails because it could not compare the store", async () => {
    const { name, pub } = await bereft();
    const { code, out } = await run("verify", "--store", name, "--key", pub);
    expect(out).toMatch(/store +not compared/);
    expect(out).toMatch(
      /WRONG +the events could not be compared with the store: reaching kurrentdb:/,
    );
    expect(out).toMatch(/events +2/);
    expect(code).toBe(1);
  });

  test("an empty mirror is not used to answer", async () => {
    const { name } = await bereft([]);
    const { code, said, out } = await run("events", "--store", name);
    expect(said).toContain("does not answer");
    expect([code, out]).toEqual([1, ""]);
  });

  test("a reader that needs every event waits longer, and is told the reason immediately", async () => {
    const { name } = await bereft();
    const said: string[] = [];
    const opening = openKurrentDbStore({
      name,
      mode: "read",
      mayLagBehind: false,
      say: (text) => void said.push(text),
    });
    const waited = new Promise((resolve) => setTimeout(resolve, storePatienceMs + 1_000, "waits"));
    await expect(Promise.race([opening, waited])).resolves.toBe("waits");
    expect(said).toEqual([expect.stringContaining("does not answer yet; trying again: ")]);
    opening.catch(() => undefined);
  });
});
