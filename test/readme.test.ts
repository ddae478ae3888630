/** That what the README has its reader type does what it says. */
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serve } from "../src/http/serve.ts";
import { openLedger } from "../src/ledger/open-ledger.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");
const readme = read("README.md");
const [, reportCommands = "", printed = ""] =
  /## A report[^]*?```sh\n([^]*?)```[^`]*`[^]*?```text\n([^]*?)```/.exec(readme) ?? [];
const [, curls = ""] = /## The API in five curls[^]*?```sh\n([^]*?)```/.exec(readme) ?? [];

/** The machine may have none. */
const hasCurl = spawnSync("curl", ["--version"]).status === 0;
const run = promisify(execFile);
let folder = "";

beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "fleetledger-readme-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The reader's commands, of this program, with the data in the test's own folder. */
function asTyped(commands: string): string {
  const program = `"${process.execPath}" "${join(root, "src/main.ts")}"`;
  return commands
    .replaceAll("npx fleetledger", program)
    .replaceAll("npm run demo --", `${program} demo`)
    .replaceAll("--data demo", `--data "${folder}"`)
    .replaceAll("sqlite:demo/", `sqlite:"${folder}"/`);
}

describe("the README", () => {
  test("shows the report that its commands print", async () => {
    const [demo = "", report = ""] = reportCommands.trim().split("\n");
    await run("sh", ["-ec", asTyped(demo)], { cwd: root, maxBuffer: 1e8 });
    const { stdout } = await run("sh", ["-ec", asTyped(report)], { cwd: root });
    expect(stdout).toBe(printed);
    expect(printed.split("\n").length).toBeLessThan(40);
  });

  test("has no fixed instant in its curls, because the demo that they are sent to ends now", () => {
    expect(curls.match(/^curl |\| *\n *curl /gm)).toHaveLength(5);
    expect(curls).not.toMatch(/\d{4}-\d\d/);
    expect(read("examples/events.ndjson")).not.toMatch(/"\d{4}-\d\d/);
  });

  test.skipIf(!hasCurl)("has five curls that do what it says (needs curl)", async () => {
    const ledger = await openLedger({ store: `sqlite:${folder}/demo.sqlite`, mode: "write" });
    const logger = pino({ level: "silent" });
    const server = await serve({ ledger, logger, port: 0, stopOnSignals: false });
    try {
      const script = curls
        .replaceAll(":3000", `:${server.port}`)
        .replaceAll(/^( *)curl /gm, "$1curl -sS -w '\\n%{http_code}\\n' ");
      const twice = `${script}\n${script.split("\n\n")[0]?.replace(/now=.*\n/, "") ?? ""}`;
      const { stdout } = await run("sh", ["-ec", twice], { cwd: root, maxBuffer: 1e8 });
      const codes = Array.from(stdout.matchAll(/^(\d{3})$/gm), ([code]) => code);
      expect(codes).toEqual(["201", "200", "200", "200", "200", "200"]);
      const answers = stdout.split(/^\d{3}\n/m);
      expect(JSON.parse(answers[0] ?? "")).toMatchObject({ status: "appended" });
      const lines = (answers[1] ?? "").trim().split("\n");
      expect(lines.filter((line) => line.includes('"status":"appended"'))).toHaveLength(3);
      expect(JSON.parse(answers[2] ?? "")).toMatchObject({ asOf: { sequence: 60_000 } });
      expect(JSON.parse(answers[3] ?? "")).toMatchObject({ node: "gpu0007" });
      expect(JSON.parse(answers[4] ?? "")).toHaveProperty("blocked");
      expect(JSON.parse(answers[5] ?? "")).toMatchObject({ status: "duplicate" });
    } finally {
      await server.stop();
    }
  });
});
