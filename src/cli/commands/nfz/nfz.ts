/** `fleetledger nfz …`: no-fly zones as the ledger decides and knows them. */
import type { AddCommand } from "../../options/command.ts";
import { addChanges } from "./change.ts";
import { addCost } from "./cost.ts";
import { addDeclare } from "./declare.ts";
import { addReads } from "./read.ts";

export const addNfz: AddCommand = (program, { terminal }) => {
  const nfz = program
    .command("nfz")
    .description("Declare, change and look up no-fly zones: windows in which no rollout starts.");
  addDeclare(nfz, terminal);
  addChanges(nfz, terminal);
  addReads(nfz, terminal);
  addCost(nfz, terminal);
};
