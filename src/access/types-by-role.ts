/** Which roles may state a fact of a type; corrections and retractions go by the type that they are about. */
import type { EventType } from "../events/catalogue.ts";

const operators: ReadonlySet<EventType> = new Set<EventType>([
  "NfzDeclared",
  "NfzExtended",
  "NfzResolved",
]);
const approvers: ReadonlySet<EventType> = new Set<EventType>([
  "NfzShortened",
  "NfzLifted",
  "NfzCancelled",
  "RolloutOverrideGranted",
  "RolloutOverrideRevoked",
]);
const admins: ReadonlySet<EventType> = new Set<EventType>(["SlaPolicySet", "RolloutPolicySet"]);

/** The roles of which any would do. */
export function rolesStating(type: EventType): readonly string[] {
  if (operators.has(type)) return ["operator", "admin"];
  if (approvers.has(type)) return ["approver", "admin"];
  return admins.has(type) ? ["admin"] : ["reporter", "operator", "admin"];
}
