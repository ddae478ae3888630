/** What a source sees in a payload, by its kind. */
import { assertNever } from "../../../projections/arithmetic/invariants.ts";
import { seeAlerts } from "../alertmanager/alertmanager.ts";
import { seeResourceHealth } from "../azure/resource-health.ts";
import { type NamedNode, seeScheduledEvents } from "../azure/scheduled-events.ts";
import type { Source } from "../config/sources-file.ts";
import { withJsonData } from "../cloudevents/json-data.ts";
import { readCloudEvents } from "../cloudevents/read-cloud-events.ts";
import type { CloudRequest } from "../cloudevents/read-cloud-events.ts";
import { LedgerError } from "../../errors.ts";
import { seeNodes } from "../kubernetes/kubernetes.ts";
import { seeHealthEvents } from "../nvsentinel/nvsentinel.ts";
import { type KnownPlace, seeOutages } from "../outages/see-outages.ts";
import type { Seen } from "../reconcile/seen.ts";
import { seeNodeEvents } from "../slurm/slurm-events.ts";
import { seeJobs } from "../slurm/slurm-jobs.ts";

interface Circumstances {
  readonly nowMs: number;
  /** When a file was written. */
  readonly exportedAt: number;
  /** Nodes that earlier payloads of the same agent named. */
  readonly known: readonly NamedNode[];
  /** Where earlier files have put the rows of a log. */
  readonly places: ReadonlyMap<string, readonly KnownPlace[]>;
  /** How the request carries CloudEvents. */
  readonly contentType: string;
  readonly headers: CloudRequest["headers"];
}

/** Throws `invalid-request` if the body is not of the source's form at all. */
export function see(source: Source, body: unknown, circumstances: Circumstances): Seen {
  switch (source.kind) {
    case "alertmanager":
      return seeAlerts(source, body, circumstances);
    case "azure-scheduled-events":
      return seeScheduledEvents(source, body, circumstances);
    case "azure-resource-health":
      return seeResourceHealth(source, cloudEventsIn(body, circumstances), circumstances);
    case "slurm-events":
      return seeNodeEvents(source, body, circumstances);
    case "slurm-jobs":
      return seeJobs(source, body, circumstances);
    case "kubernetes":
      return seeNodes(source, body, circumstances);
    case "nvsentinel":
      return seeHealthEvents(source, cloudEventsIn(body, circumstances), circumstances);
    case "csv":
      return seeOutages(source, body, circumstances);
    default:
      return assertNever(source, "kind of source");
  }
}

/** Throws `invalid-request` for a single body that is no CloudEvent. */
function cloudEventsIn(body: unknown, { contentType, headers }: Circumstances) {
  const { single, events } = readCloudEvents({ contentType, headers, body });
  const [first] = events;
  if (single && first instanceof LedgerError)
    throw new LedgerError("invalid-request", first.message);
  return events.map(withJsonData);
}
