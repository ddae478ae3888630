import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe } from "vitest";
import { openKurrentDbStore } from "../../src/store/kurrentdb/kurrentdb.ts";
import {
  freshPrefix,
  sayWhySkipped,
  sharedServer,
  stopSharedServer,
  whyNoServer,
} from "../kurrentdb/server.ts";
import { tamper } from "../store/sqlite/ledger-file.ts";
import { eventStoreContract } from "./event-store-contract.ts";

sayWhySkipped(whyNoServer);
afterAll(stopSharedServer);

describe.skipIf(whyNoServer !== null)("on a real server", () => {
  eventStoreContract("KurrentDB", async () => {
    const server = await sharedServer();
    const dataDir = mkdtempSync(join(tmpdir(), "fleetledger-mirror-"));
    const own = new URLSearchParams({ prefix: freshPrefix(), data: dataDir });
    return {
      open: () => openKurrentDbStore({ name: `${server}#${own.toString()}`, mode: "write" }),
      damage: async (sequence) => {
        const path = join(dataDir, "mirror.sqlite");
        tamper(path, `UPDATE events SET data = '{"cluster": "al' WHERE sequence = ${sequence}`);
      },
      dispose: async () => rmSync(dataDir, { recursive: true, force: true }),
    };
  });
});
