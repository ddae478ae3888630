import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openEmbeddedStore } from "../../../src/store/sqlite/embedded.ts";
import { allEvents, part, positionOf, streamEvents } from "../../contract/sample-events.ts";
import { batchEvents } from "../../crash/append-plan.ts";
import { freshPath } from "./ledger-file.ts";

const program = join(import.meta.dirname, "fill-the-disk.ts");

interface Report {
  readonly taken: readonly number[];
  readonly refusals: readonly string[];
  readonly readable: number;
  readonly sequence: number;
}

test.skipIf(process.platform === "win32")(
  "a full disk refuses appends, damages nothing, and causes no more trouble once there is room again",
  async () => {
    const path = freshPath();
    const limited = `ulimit -f 2048; exec "${process.execPath}" "${program}" "${path}"`;
    const run = spawnSync("sh", ["-c", limited], { encoding: "utf8" });
    expect(run.stderr).toBe("");
    const report = JSON.parse(run.stdout) as Report;
    expect(report.refusals.length).toBeGreaterThan(0);
    expect(new Set(report.refusals)).toEqual(new Set(["store-unavailable"]));
    expect(report.taken.length).toBeGreaterThan(10);
    expect(report.readable).toBe(report.sequence);

    const store = await openEmbeddedStore({ path, mode: "write" });
    onTestFinished(() => store.close());
    for (const stream of report.taken) {
      const stored = await streamEvents(store, `s${stream}`);
      const planned = batchEvents(1, stream, 0);
      expect(stored.map((event) => event.id)).toEqual(planned.map((event) => event.id));
    }
    const last = (report.taken.at(-1) ?? 0) + 1;
    await positionOf(store, part(`s${last}`, "no-stream", batchEvents(1, last, 0)));
    const events = await allEvents(store);
    expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
  },
);
