/** `fleetledger import`: the formats that can be imported. */
import type { AddCommand } from "../options/command.ts";
import { addImportEvents } from "./import-events.ts";
import { addImportOutages } from "./import-outages.ts";

export const addImport: AddCommand = (program, context) => {
  const group = program.command("import").description("Import events or an outage log.");
  addImportEvents(group, context);
  addImportOutages(group, context);
};
