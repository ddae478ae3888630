import { openEmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import { freshPath, tamper } from "../store/sqlite/ledger-file.ts";
import { eventStoreContract } from "./event-store-contract.ts";

const embedded = (blockEvents?: number) => async () => {
  const path = freshPath();
  return {
    open: () =>
      openEmbeddedStore({
        path,
        mode: "write",
        ...(blockEvents === undefined ? {} : { blockEvents }),
      }),
    damage: async (sequence: number) => {
      tamper(path, `UPDATE events SET data = '{"cluster": "al' WHERE sequence = ${sequence}`);
    },
    dispose: async () => undefined,
  };
};

eventStoreContract("embedded", embedded());
// As after many events: most of them are in full blocks.
eventStoreContract("embedded, in blocks of three events", embedded(3));
