/** The suite of the store port for the store in KurrentDB, on a stand-in: it runs where there is no server too. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openKurrentDbStore } from "../../../src/store/kurrentdb/kurrentdb.ts";
import { eventStoreContract } from "../../contract/event-store-contract.ts";
import { tamper } from "../../store/sqlite/ledger-file.ts";
import { freshPrefix } from "../server.ts";
import { startStandIn } from "./stand-in.ts";

eventStoreContract("KurrentDB, on a stand-in", async () => {
  const { url } = await startStandIn();
  const dataDir = mkdtempSync(join(tmpdir(), "fleetledger-mirror-"));
  const own = new URLSearchParams({ prefix: freshPrefix(), data: dataDir });
  return {
    open: () => openKurrentDbStore({ name: `${url}#${own.toString()}`, mode: "write" }),
    damage: async (sequence) => {
      const path = join(dataDir, "mirror.sqlite");
      tamper(path, `UPDATE events SET data = '{"cluster": "al' WHERE sequence = ${sequence}`);
    },
    dispose: async () => rmSync(dataDir, { recursive: true, force: true }),
  };
});
