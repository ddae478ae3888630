/** A ledger on the disk with the short history, exported by the command line. */
import { afterAll } from "vitest";
import { run, temporaryFolder } from "../../cli/run.ts";
import { anEvent } from "../../http/app/memory-ledger.ts";
import { history } from "../../http/app/small-app.ts";
import { openLedger } from "../../../src/ledger/open-ledger.ts";

export const recordedAt = "2026-04-15T12:00:00.000Z";

/** The position after which a return of the open fault was recorded. */
export const beforeReturn = history.length + 1;

export function exportedLedger() {
  const folder = temporaryFolder();
  afterAll(folder.remove);
  const store = `sqlite:${folder.path("ledger.sqlite")}`;
  const made = makeLedger(store);
  return {
    path: folder.path,
    /** Runs the export to a new file, and gives the file's path. */
    exported: async (name: string, ...options: string[]) => {
      await made;
      const file = folder.path(name);
      const outcome = await run("export", file, "--store", store, ...options);
      return { ...outcome, file };
    },
    toStandardOutput: async (...options: string[]) => {
      await made;
      return await run("export", "-", "--store", store, ...options);
    },
  };
}

async function makeLedger(store: string): Promise<void> {
  const clock = { nowMs: () => Date.parse(recordedAt) };
  const ledger = await openLedger({ store, mode: "write", clock });
  try {
    const repaired = anEvent({
      occurredAt: "2026-04-14T00:00:00Z",
      type: "NodeReturned",
      data: { cluster: "alpha", node: "n2", faultIds: ["f2"] },
    });
    const foreign = anEvent({
      occurredAt: "2026-04-01T00:00:00Z",
      type: "NodeCommissioned",
      data: { cluster: "beta", node: "b1" },
      reason: "=1+1;-2",
    });
    for (const event of [...history, foreign, repaired]) {
      const [submission] = await ledger.submit([event]);
      if (submission?.status !== "appended") throw new Error(JSON.stringify(submission));
    }
  } finally {
    await ledger.close();
  }
}
