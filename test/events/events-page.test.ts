import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { pino } from "pino";
import { describe, expect, onTestFinished, test } from "vitest";
import type { EventType } from "../../src/events/catalogue.ts";
import { eventTypes, isSystemEvent } from "../../src/events/catalogue.ts";
import { checkEvent } from "../../src/events/check/check.ts";
import { serve } from "../../src/http/serve.ts";
import { memoryLedger } from "../http/app/memory-ledger.ts";
import { temporaryLedger } from "../ledger/temporary-ledger.ts";
import { catalogueAsMarkdown } from "./events-page.ts";

const path = new URL("../../docs/events.md", import.meta.url);
const page = readFileSync(path, "utf8");
const mark = "edit those instead.\n\n";
const written = page.slice(0, page.indexOf(mark) + mark.length);

/** The machine may have none: the rest of the page is tested all the same. */
const hasCurl = spawnSync("curl", ["--version"]).status === 0;

interface Example {
  readonly id: string;
  readonly type: EventType;
  readonly occurredAt: string;
}

describe("docs/events.md", () => {
  test("lists every type with the fields of its schema", async () => {
    expect(page).toContain(mark);
    await expect(written + catalogueAsMarkdown()).toMatchFileSnapshot(path.pathname);
  });

  const examples = Array.from(
    page.matchAll(/```json\n(\{[^]*?\n\})\n```/g),
    ([, text = ""]) => JSON.parse(text) as Example,
  );

  test("has an example of each type that the ledger accepts", async () => {
    expect(examples.map(({ type }) => type)).toEqual(eventTypes);
    const sent = examples.filter(({ type }) => !isSystemEvent(type));
    const submissions = await memoryLedger().submit(sent);
    expect(submissions.filter(({ status }) => status !== "appended")).toEqual([]);
    for (const example of examples.filter(({ type }) => isSystemEvent(type))) {
      const checked = checkEvent(example, {
        nowMs: Date.parse(example.occurredAt),
        door: "system",
      });
      expect(checked).not.toBeInstanceOf(Error);
    }
  });

  test.skipIf(!hasCurl)("prints the output that its curls give (needs curl)", async () => {
    const steps = Array.from(
      written.matchAll(/```sh\n([^]*?)```[^`]*```text\n([^]*?)```/g),
      ([, command = "", printed = ""]) => ({ command, printed }),
    );
    expect(steps).toHaveLength(2);
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    const logger = pino({ level: "silent" });
    const server = await serve({ ledger, logger, port: 0, stopOnSignals: false });
    const folder = mkdtempSync(join(tmpdir(), "fleetledger-curls-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    try {
      for (const { command, printed } of steps) {
        const script = command.replaceAll(":3000", `:${server.port}`);
        const { stdout } = await promisify(execFile)("sh", ["-ec", script], { cwd: folder });
        expect(stdout).toBe(printed);
      }
    } finally {
      await server.stop();
    }
  });
});
