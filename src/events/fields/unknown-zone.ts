/** What is said of a name that is no time zone. */
import { nearName } from "./near-name.ts";
import { shownValue } from "./shown-value.ts";
import { newestZones } from "../../zones/zones.ts";

/** Longer ones are no slip of the finger. */
const longestName = 64;

/** As the rest of a sentence, with the zone that may have been meant. */
export function unknownZone(name: string): string {
  const near = name.length > longestName ? null : nearName(name, newestZones().names());
  const hint = near === null ? ", such as Europe/Berlin" : `; did you mean ${near}?`;
  return `must be an IANA time zone, and ${shownValue(name)} is none${hint}`;
}
