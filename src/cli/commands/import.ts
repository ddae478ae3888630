/** `fleetledger import`: the formats that can be imported. */
import type { AddCommand } from "../options/command.ts";
import { addImportEvents } from "./import-events.ts";
import { addImportOutages } from "./import-outages.ts";
import { addImportSource } from "./sources/import-source.ts";

export const addImport: AddCommand = (program, context) => {
  const group = program
    .command("import")
    .description("Import events, an outage log or a source's payload.");
  addImportEvents(group, context);
  addImportOutages(group, context);
  addImportSource(group, context);
};
