/** Fields that the forms of all decisions have. */
import { formatInstant } from "../../../projections/time/instant.ts";
import type { Field } from "./form.ts";

export const actorField: Field = {
  kind: "text",
  at: "/actor",
  label: "Your name",
  hint: "Recorded as the actor.",
  isNeeded: true,
};

export const ticketField: Field = { kind: "text", at: "/ticket", label: "Ticket" };

export function reasonField(isNeeded: boolean): Field {
  return { kind: "area", at: "/reason", label: "Reason", isNeeded };
}

/** Without seconds, which nobody wants to type. */
export function minuteOf(ms: number): string {
  return formatInstant(Math.ceil(ms / 60_000) * 60_000);
}
