/** The `nis` section: nodes in service, with the error budget and every exclusion. */
import { type BurnRates, burnRates } from "../../figures/error-budget.ts";
import type { NisFigure } from "../../figures/nis.ts";
import { entry, noteField, notes } from "../entry/entry.ts";
import type { Fields } from "../entry/field.ts";
import type { FigureInputs } from "../entry/inputs.ts";

/** Sums and quotients that exist for a fleet of clusters too. */
export const nodeTimeFields = {
  raw: {
    kind: "ratio",
    nullable: true,
    title: "Nodes in service, raw",
    meaning: "In-service node-time as a share of member node-time. Nothing is excluded.",
    headline: true,
    order: 2,
  },
  contractual: {
    kind: "ratio",
    nullable: true,
    title: "Nodes in service, contractual",
    meaning:
      "In-service node-time as a share of member node-time, without what the policy excludes.",
    headline: true,
    order: 1,
    against: { target: "target", met: "met", bound: "at least" },
  },
  memberNodeMs: {
    kind: "nodeMs",
    title: "Member",
    meaning: "Node-time of members, from commissioning to decommissioning.",
  },
  inServiceNodeMs: {
    kind: "nodeMs",
    title: "In service",
    meaning: "Node-time of members that were not down, not in maintenance, and observed.",
    partOf: "memberNodeMs",
  },
  downNodeMs: {
    kind: "nodeMs",
    title: "Down",
    meaning: "Node-time with at least one open fault; overlapping faults are one outage.",
    partOf: "memberNodeMs",
  },
  maintenanceNodeMs: {
    kind: "nodeMs",
    title: "Maintenance",
    meaning: "Node-time with an open maintenance, and no open fault.",
    partOf: "memberNodeMs",
  },
  unknownNodeMs: {
    kind: "nodeMs",
    title: "Unknown",
    meaning: "Node-time that nobody watched, with neither a fault nor a maintenance open.",
    partOf: "memberNodeMs",
  },
  excludedNodeMs: {
    kind: "nodeMs",
    title: "Excluded by the terms",
    meaning: "Node-time that the policy leaves out of the contractual figure.",
    partOf: "memberNodeMs",
  },
} as const satisfies Fields;

const burnRate = (title: string, over: string) =>
  ({
    kind: "rate",
    nullable: true,
    nullWhen: "no time counts, or the target is 1",
    unit: "× the budget's pace",
    title,
    meaning: `How fast the error budget was spent over ${over}: at 1 the target is just met.`,
  }) as const;

const exclusionFields = {
  kind: {
    kind: "choice",
    values: ["maintenance", "unknown"],
    title: "Kind",
    meaning: "Why the time is excluded: announced maintenance, or time that nobody watched.",
    order: 2,
  },
  node: { kind: "name", title: "Node", meaning: "The node.", order: 1 },
  maintenanceId: {
    kind: "name",
    optional: true,
    title: "Maintenance",
    meaning: "The id of the maintenance; left out for unknown time.",
    order: 3,
  },
  from: {
    kind: "instant",
    title: "From",
    meaning: "The first excluded instant within the window.",
  },
  to: {
    kind: "instant",
    title: "Until",
    meaning: "The end of the last excluded instant; what lies between need not all be excluded.",
  },
  ms: { kind: "durationMs", title: "Excluded", meaning: "How much time is excluded." },
  eventIds: {
    kind: "list",
    of: "eventId",
    title: "By events",
    meaning: "The announcement and its amendments, the start, and the end.",
    wide: true,
  },
} as const satisfies Fields;

const lateFields = {
  node: { kind: "name", title: "Node", meaning: "The node." },
  maintenanceId: { kind: "name", title: "Maintenance", meaning: "The id of the maintenance." },
  ms: {
    kind: "durationMs",
    title: "In maintenance",
    meaning: "Time in maintenance within the window.",
  },
  eventIds: {
    kind: "list",
    of: "eventId",
    title: "By events",
    meaning: "The latest announcement, the start, and the end.",
    wide: true,
  },
} as const satisfies Fields;

const fields = {
  target: {
    kind: "target",
    title: "NIS target",
    meaning: "The policy's target for the contractual figure.",
    beside: true,
  },
  met: {
    kind: "verdict",
    nullable: true,
    title: "NIS target met",
    meaning: "Whether the contractual figure is at least the target.",
    beside: true,
  },
  ...nodeTimeFields,
  budgetNodeMs: {
    kind: "nodeMs",
    title: "Error budget",
    meaning:
      "Node-time that may be out of service without missing the target: (1 − target) × (member − excluded), rounded down.",
    partOf: "memberNodeMs",
  },
  budgetSpentNodeMs: {
    kind: "nodeMs",
    title: "Error budget spent",
    meaning: "Member node-time that was neither in service nor excluded.",
    partOf: "memberNodeMs",
  },
  exclusions: {
    kind: "rows",
    title: "Exclusions",
    meaning: "Every interval of time that is excluded, with the events that say so.",
    sorted: "by start",
    none: "Nothing is excluded.",
    row: exclusionFields,
  },
  announcedLate: {
    kind: "rows",
    title: "Announced too late, and therefore not excluded",
    meaning: "Maintenance whose announcements were all too late.",
    sorted: "by start",
    row: lateFields,
  },
  budgetLeftNodeMs: {
    kind: "nodeMs",
    title: "Error budget left",
    meaning: "The budget less what is spent; negative once it is overspent.",
  },
  burnRates: {
    kind: "record",
    title: "Burn rates",
    meaning: "How fast the error budget is being spent.",
    fields: {
      oneHour: burnRate("Burn rate, last hour", "the last hour before the window's end"),
      sixHours: burnRate("Burn rate, last 6 hours", "the last 6 hours before the window's end"),
      threeDays: burnRate("Burn rate, last 3 days", "the last 3 days before the window's end"),
      period: burnRate("Burn rate, period", "the window"),
    },
  },
  note: noteField,
} as const satisfies Fields;

export const nis = entry(
  {
    kind: "record",
    title: "Nodes in service (NIS)",
    meaning: "What share of the nodes' time they were in service, raw and by the agreed terms.",
    fields,
  },
  (inputs) => {
    const figure = inputs.nis();
    const burn = burnRates(inputs.nodes(), inputs.window, figure, inputs.excludedNodeMs);
    return {
      ...figure,
      budgetLeftNodeMs: budgetLeft(figure),
      burnRates: burn,
      ...nisNotes(inputs, figure, burn),
    };
  },
);

export function budgetLeft({ budgetNodeMs, budgetSpentNodeMs }: NisFigure): number {
  return budgetNodeMs - budgetSpentNodeMs;
}

function nisNotes(
  { period, policy }: FigureInputs,
  { raw, contractual }: NisFigure,
  { oneHour, sixHours, threeDays, period: overPeriod }: BurnRates,
): { readonly note?: string } {
  const hasBudget = overPeriod !== null;
  return notes(
    raw === null && "No node was a member in the period.",
    raw !== null && contractual === null && "All member node-time of the period is excluded.",
    contractual !== null && !hasBudget && "A target of 1 leaves no error budget to burn.",
    hasBudget &&
      [oneHour, sixHours, threeDays].includes(null) &&
      "A burn rate is missing where no node-time counts in the hours before the period's end.",
    period.zone !== policy.zone &&
      `The period is in ${period.zone}; the maintenance allowance follows the calendar months of the policy's zone, ${policy.zone}.`,
  );
}
