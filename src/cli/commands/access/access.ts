/** `fleetledger access …`: the API keys of a ledger. Those for signing are `fleetledger keys`. */
import type { AddCommand } from "../../options/command.ts";
import { addIssues } from "./issue.ts";
import { addList } from "./list.ts";
import { addRevoke } from "./revoke.ts";

export const addAccess: AddCommand = (program, { terminal }) => {
  const access = program.command("access").description("Issue, list, revoke and rotate API keys.");
  addIssues(access, terminal);
  addList(access, terminal);
  addRevoke(access, terminal);
};
