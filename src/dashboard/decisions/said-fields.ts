/** Fields that several forms have. */
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

/** What is installed: components with their versions. */
export function updatesField(...more: readonly Field[]): Field {
  return {
    kind: "rows",
    at: "/updates",
    label: "Updates",
    add: "Add an update",
    columns: [
      { kind: "text", at: "/component", label: "Component", isNeeded: true },
      { kind: "text", at: "/version", label: "Version", isNeeded: true },
      ...more,
    ],
  };
}

/** Without seconds, which nobody wants to type. */
export function minuteOf(ms: number): string {
  return formatInstant(Math.ceil(ms / 60_000) * 60_000);
}
