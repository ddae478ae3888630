/** That the curls of docs/decisions.md do what the page says. */
import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import type { Clock } from "../../src/clock.ts";
import { buildApp } from "../../src/http/app.ts";
import { temporaryLedger } from "../ledger/temporary-ledger.ts";

const page = readFileSync(
  fileURLToPath(new URL("../../docs/decisions.md", import.meta.url)),
  "utf8",
);

/** The curls of one section of the page, as a script. */
function curlsOf(section: string): string {
  const [, text = ""] = page.split(`\n## ${section}\n`);
  const [own = ""] = text.split("\n## ");
  const blocks = Array.from(own.matchAll(/```sh\n([^]*?)```/g), ([, block = ""]) => block);
  return blocks.filter((block) => block.includes("curl ")).join("\n");
}

const hasCurl = spawnSync("curl", ["--version"]).status === 0;

const uuid = (i: number) => `00000000-0000-4000-8000-00000000000${i}`;
const facts = [
  { type: "ClusterRegistered", data: { cluster: "alpha" } },
  { type: "ClusterRegistered", data: { cluster: "beta" } },
  { type: "NodeCommissioned", data: { cluster: "alpha", node: "n1", rack: "r1" } },
].map((event, i) => ({ ...event, id: uuid(i), occurredAt: "2026-01-01T00:00:00Z" }));

/** Status codes of the curls of a section, asked of a ledger that has the facts. */
async function statusesOf(
  section: string,
  clock: Clock,
  further: readonly object[] = [],
): Promise<string[]> {
  await using temporary = temporaryLedger();
  const ledger = await temporary.open({ clock });
  await ledger.submit([...facts, ...further]);
  const app = await buildApp({ ledger, logger: pino({ level: "silent" }), clock });
  try {
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    const script = curlsOf(section)
      .replaceAll("http://127.0.0.1:3000", url)
      .replaceAll(/^curl /gm, "curl -sS -o answer -w '%{http_code}\\n' ");
    const options = { cwd: dirname(temporary.path) };
    const { stdout } = await promisify(execFile)("sh", ["-ec", script], options);
    return stdout.trim().split("\n");
  } finally {
    await app.close();
  }
}

const noon = { nowMs: () => Date.parse("2026-04-15T12:00:00Z") };

describe.skipIf(!hasCurl)("the page's curls (which need curl)", () => {
  test("declare, change and look up zones", async () => {
    const clock = { nowMs: () => Date.parse("2026-04-15T12:00:00Z") };
    // Declared, previewed, declared; extended, skipped, cancelled; and two reads.
    const statuses = ["201", "200", "201", "201", "201", "201", "200", "200"];
    expect(await statusesOf("No-fly zones", clock)).toEqual(statuses);
  });

  test("look at a node, ask to scale onto it, and ask again", async () => {
    expect(await statusesOf("Scaling onto nodes", noon)).toEqual(["200", "200", "201", "200"]);
  });

  test("announce, start and end maintenance, and list what is overdue", async () => {
    expect(await statusesOf("Maintenance", noon)).toEqual(["201", "201", "201", "200"]);
  });

  test("submit a rollout, which a zone refuses until it is overridden", async () => {
    const from = Date.parse("2026-04-15T12:00:00Z");
    const occurrences = [{ from: "2026-04-15T00:00:00Z", to: "2036-04-15T00:00:00Z" }];
    const data = { nfz: "freeze", cluster: "alpha", occurrences, inFlight: "finish" };
    const zone = { id: uuid(9), type: "NfzDeclared", occurredAt: "2026-04-15T00:00:00Z", data };
    // The page's override ends with the day, which only today does.
    const clock = { nowMs: () => Math.max(from, Date.now()) };
    const statuses = ["201", "409", "201", "201"];
    expect(await statusesOf("Rollouts", clock, [zone])).toEqual(statuses);
  });
});
