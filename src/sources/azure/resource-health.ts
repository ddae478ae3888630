/** Azure Resource Health, as Event Grid sends it: the availability of one machine. */
import { parseInstant } from "../../../projections/time/instant.ts";
import { LedgerError } from "../../errors.ts";
import type { CloudEvent } from "../cloudevents/cloud-event.ts";
import { saysNothing } from "../config/rule.ts";
import { namedNode } from "../config/node-name.ts";
import type { SourceOf } from "../config/sources-file.ts";
import { type Kind, kinds } from "../reconcile/observation.ts";
import { Seen, isRecord } from "../reconcile/seen.ts";
import { memberAt } from "../config/template.ts";

type Source = SourceOf<"azure-resource-health">;

const series = "availability";
const changed = /HealthResources\.AvailabilityStatusChanged$/i;

/** Each CloudEvent of the request; one that is none is refused. */
export function seeResourceHealth(
  source: Source,
  events: readonly (CloudEvent | LedgerError)[],
  { nowMs }: { readonly nowMs: number },
): Seen {
  const seen = new Seen(source.name, nowMs);
  for (const [i, event] of events.entries()) {
    seen.total++;
    const path = `/${i}`;
    if (event instanceof LedgerError) seen.refuse(path, event.message);
    else if (changed.test(event.type)) seeStatus(source, seen, event["data"], path);
    else seen.ignored++;
  }
  return seen;
}

function seeStatus(source: Source, seen: Seen, data: unknown, path: string): void {
  const properties = memberAt(data, ["resourceInfo", "properties"]);
  if (!isRecord(properties)) {
    seen.refuse(path, "/data/resourceInfo/properties is missing");
    return;
  }
  const { availabilityState, occurredTime, targetResourceId } = properties;
  const at = typeof occurredTime === "string" ? parseInstant(occurredTime) : null;
  if (at === null) {
    seen.refuse(path, "/data/resourceInfo/properties/occurredTime must be an instant");
    return;
  }
  const vm = machineOf(typeof targetResourceId === "string" ? targetResourceId : "");
  const place = { path, ...namedNode(source, { ...properties, vm }), series };
  const started = (kind: Kind) =>
    seen.add({
      is: "started",
      ...place,
      weight: 1,
      kind,
      from: at,
      to: null,
      says: saysNothing,
    });
  const ended = (which: readonly Kind[], quiet: boolean) =>
    seen.add({
      is: "ended",
      ...place,
      weight: quiet ? 0 : 1,
      ofEveryEntity: false,
      kinds: which,
      at,
      quiet,
    });
  switch (availabilityState) {
    case "Available":
      ended(kinds, false);
      return;
    case "Unavailable":
      ended(["observation"], true);
      started("fault");
      return;
    case "Unknown":
      started("observation");
      return;
    case "Degraded":
      // It serves, and somebody sees it again.
      ended(["observation"], true);
      seen.ignored++;
      return;
    default:
      seen.refuse(path, `the state ${JSON.stringify(availabilityState)} is not known`);
  }
}

/** The last part of a resource's id; of a machine in a scale set `NAME_N`. */
function machineOf(resource: string): string {
  const inSet = /\/virtualMachineScaleSets\/([^/]+)\/virtualMachines\/([^/]+)\/?$/i.exec(resource);
  if (inSet !== null) return `${inSet[1]}_${inSet[2]}`;
  return resource.split("/").findLast((part) => part !== "") ?? "";
}
