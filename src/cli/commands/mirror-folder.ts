/** `--data DIR`, the folder of the mirror of a ledger in KurrentDB, for every command that takes a store. */
import { Option } from "commander";
import type { Command } from "commander";
import { withDataDir } from "../../store/kurrentdb/client/name.ts";
import type { AddCommand } from "../options/command.ts";

const variable = "FLEETLEDGER_DATA";
const description =
  "directory of the mirror, for a store in KurrentDB (or put #data=DIR in its name)";

/** Options that name a store. */
const storeOptions = ["store", "from", "to"];

/** Adds the option to the commands, and joins its value to the store's name before they run. */
export const addMirrorFolder: AddCommand = (program) => {
  program.hook("preSubcommand", (_, command) => prepare(command));
  program.hook("preAction", (_, command) => join(command));
};

function prepare(command: Command): void {
  const takesStore = command.options.some((option) =>
    storeOptions.includes(option.attributeName()),
  );
  if (takesStore && !command.options.some((option) => option.attributeName() === "data")) {
    command.addOption(new Option("--data <dir>", description).env(variable));
  }
  command.hook("preSubcommand", (_, inner) => prepare(inner));
}

function join(command: Command): void {
  const own = command.options.find((option) => option.attributeName() === "data");
  const isOurs = own?.envVar === variable;
  const dataDir: unknown = isOurs ? command.getOptionValue("data") : process.env[variable];
  if (typeof dataDir !== "string" || dataDir === "") return;
  for (const name of storeOptions) {
    const store: unknown = command.getOptionValue(name);
    if (typeof store !== "string") continue;
    // The source of the value is preserved: it decides between a store and a server.
    const source = command.getOptionValueSource(name) ?? "default";
    command.setOptionValueWithSource(name, withDataDir(store, dataDir), source);
  }
}
