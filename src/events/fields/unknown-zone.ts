/** The message for a name that is not a time zone. */
import { nearName } from "./near-name.ts";
import { shownValue } from "./shown-value.ts";
import { newestZones } from "../../zones/zones.ts";

/** Longer ones are no slip of the finger. */
const longestName = 64;

/** As the rest of a sentence, with the zone that may have been meant. */
export function unknownZone(name: string): string {
  const near = name.length > longestName ? null : nearName(name, newestZones().names());
  if (near === null)
    return `must be an IANA time zone such as Europe/Berlin, not ${shownValue(name)}`;
  return `must be an IANA time zone, not ${shownValue(name)}. Did you mean ${near}?`;
}
