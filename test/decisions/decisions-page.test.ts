/** That the curls of docs/decisions.md do what the page says. */
import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { pino } from "pino";
import { expect, test } from "vitest";
import { buildApp } from "../../src/http/app.ts";
import { temporaryLedger } from "../ledger/temporary-ledger.ts";

const page = readFileSync(
  fileURLToPath(new URL("../../docs/decisions.md", import.meta.url)),
  "utf8",
);
const blocks = Array.from(page.matchAll(/```sh\n([^]*?)```/g), ([, block = ""]) => block);
const curls = blocks.filter((block) => block.includes("curl "));
const hasCurl = spawnSync("curl", ["--version"]).status === 0;

const uuid = (i: number) => `00000000-0000-4000-8000-00000000000${i}`;
const facts = [
  { type: "ClusterRegistered", data: { cluster: "alpha" } },
  { type: "ClusterRegistered", data: { cluster: "beta" } },
  { type: "NodeCommissioned", data: { cluster: "alpha", node: "n1", rack: "r1" } },
].map((event, i) => ({ ...event, id: uuid(i), occurredAt: "2026-01-01T00:00:00Z" }));

test.skipIf(!hasCurl)(
  "the page's curls declare, change and look up zones (needs curl)",
  async () => {
    await using temporary = temporaryLedger();
    const clock = { nowMs: () => Date.parse("2026-04-15T12:00:00Z") };
    const ledger = await temporary.open({ clock });
    await ledger.submit(facts);
    const app = await buildApp({ ledger, logger: pino({ level: "silent" }), clock });
    try {
      const url = await app.listen({ host: "127.0.0.1", port: 0 });
      const script = curls
        .join("\n")
        .replaceAll("http://127.0.0.1:3000", url)
        .replaceAll(/^curl /gm, "curl -sS -o answer -w '%{http_code}\\n' ");
      const { stdout } = await promisify(execFile)("sh", ["-ec", script], {
        cwd: dirname(temporary.path),
      });
      const statuses = stdout.trim().split("\n");
      // Declared, previewed, declared; extended, skipped, cancelled; and two reads.
      expect(statuses).toEqual(["201", "200", "201", "201", "201", "201", "200", "200"]);
    } finally {
      await app.close();
    }
  },
);
