/** A newer table of time zones comes into force by an event, never by an upgrade alone (ADR 0010). */
import type { Clock } from "../clock.ts";
import { stableId } from "../events/fields/stable-id.ts";
import type { Ledger } from "./ledger.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import { firstZones, newestZones } from "../zones/zones.ts";

/** Adopts the newest table that the project carries, unless it is in force; gives its version if it did. */
export async function adoptNewestZones(ledger: Ledger, clock: Clock): Promise<string | null> {
  const inForce = ledger.view("").zoneTable ?? firstZones.version;
  const { version } = newestZones();
  // Versions are the year and a letter: text order is theirs. A newer ledger's table is never taken back.
  if (version <= inForce) return null;
  const [submission] = await ledger.submitSystem([
    {
      id: stableId(["zone-table", version]),
      type: "ZoneTableAdopted",
      occurredAt: formatInstant(Math.floor(clock.nowMs())),
      data: { tzdata: version },
    },
  ]);
  if (submission?.status === "refused") throw submission.error;
  return version;
}
