/** The routes of everything that the ledger decides, and of what its decisions rest on. */
import type { Api } from "../../server/api.ts";
import type { ApiContext } from "../context.ts";
import { admissionRoutes } from "./admission.ts";
import { nfzCommandRoutes } from "./nfz-commands.ts";
import { nfzReadRoutes } from "./nfz-reads.ts";
import { nodeCommandRoutes } from "./node-commands.ts";
import { nodeReadRoutes } from "./node-reads.ts";
import { rolloutCommandRoutes } from "./rollout-commands.ts";

export function decisionRoutes(app: Api, context: ApiContext): void {
  rolloutCommandRoutes(app, context);
  nfzReadRoutes(app, context);
  nfzCommandRoutes(app, context);
  nodeCommandRoutes(app, context);
  nodeReadRoutes(app, context);
  admissionRoutes(app, context);
}
