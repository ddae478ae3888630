import { openEmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import { freshPath, tamper } from "../store/sqlite/ledger-file.ts";
import { eventStoreContract } from "./event-store-contract.ts";

eventStoreContract("embedded", async () => {
  const path = freshPath();
  return {
    open: () => openEmbeddedStore({ path, mode: "write" }),
    damage: async (sequence) => {
      tamper(path, `UPDATE events SET data = '{"cluster": "al' WHERE sequence = ${sequence}`);
    },
    dispose: async () => undefined,
  };
});
