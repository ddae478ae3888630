/** A rebuild leaves one model in memory and one file open. */
import { readdirSync, readlinkSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { ListStore } from "./list-store.ts";
import { longHistory, newPath, started } from "./kept-file.ts";
import type { Projector } from "../../src/read-model/projector.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Files of derived data that this process has open. */
function openFiles(path: string): string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      const to = readlinkSync(`/proc/self/fd/${fd}`);
      return to.startsWith(path) ? [to] : [];
    } catch (error) {
      // The one that lists them is closed by now.
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
      throw error;
    }
  });
}

function modelOf(projector: Projector): WeakRef<object> {
  return new WeakRef(projector.model);
}

test.skipIf(process.platform !== "linux")(
  "a replaced model and its file are released when nothing uses them any more",
  async () => {
    const path = newPath("replaced");
    const projector = await started(new ListStore(longHistory(16)), path);
    const old = modelOf(projector);
    await projector.rebuild();
    expect(openFiles(path)).toHaveLength(2);
    await eventually(async () => {
      await nextTurn();
      collect();
      expect(old.deref()).toBeUndefined();
      expect(openFiles(path)).toEqual([path]);
    });
    await projector.stop();
    expect(openFiles(path)).toEqual([]);
  },
);
