/** The `mttr` section: how long repairs take. */
import { type MttrFigure, mttrIn } from "../../figures/repair/mttr.ts";
import { repairSegments } from "../../figures/repair/repair-segments.ts";
import { entry, noteField, notes } from "../entry/entry.ts";
import type { Fields, MapField } from "../entry/field.ts";

export const faultsOpened = {
  kind: "count",
  title: "Faults opened",
  meaning: "Faults that began to count within the window.",
} as const;

/** Closed faults, grouped by something that they have in common. */
const groupsBy = (title: string, key: string, meaning: string) =>
  ({
    kind: "map",
    title,
    meaning: "The faults closed in the window and their mean repair time, for each of these.",
    key: { title: key, meaning },
    each: {
      kind: "record",
      title,
      meaning: "The closed faults that have it in common.",
      fields: {
        closed: { kind: "count", title: "Closed", meaning: "Faults closed in the window." },
        meanMs: {
          kind: "durationMs",
          nullable: true,
          title: "Mean repair time",
          meaning: "Their mean repair time.",
        },
      },
    },
  }) as const satisfies MapField;

const nodeAndFault = {
  faultId: { kind: "name", title: "Fault", meaning: "The id of the fault.", order: 2 },
  node: { kind: "name", title: "Node", meaning: "The node.", order: 1 },
  since: { kind: "instant", title: "Since", meaning: "When it began to count." },
} as const satisfies Fields;

/** The figures beside the mean of closed faults. */
const repairFigures = {
  targetMs: {
    kind: "durationMs",
    title: "MTTR target",
    meaning: "The policy's target for the mean repair time.",
    beside: true,
  },
  met: {
    kind: "verdict",
    nullable: true,
    title: "MTTR target met",
    meaning: "Whether the mean is at most the target.",
    beside: true,
  },
  faultsOpened: { ...faultsOpened, headline: true, order: 6 },
  faultsClosed: {
    kind: "count",
    title: "Faults closed",
    meaning: "Faults that were repaired within the window.",
    headline: true,
    order: 7,
  },
  meanMs: {
    kind: "durationMs",
    nullable: true,
    title: "MTTR of closed faults",
    meaning: "Mean repair time of the faults closed in the window, each counted for itself.",
    headline: true,
    order: 1,
    against: { target: "targetMs", met: "met", bound: "at most" },
  },
  medianMs: {
    kind: "durationMs",
    nullable: true,
    title: "Median repair time",
    meaning: "Half of the closed faults were repaired at least as quickly.",
    order: 3,
  },
  p90Ms: {
    kind: "durationMs",
    nullable: true,
    title: "90th percentile of repair times",
    meaning: "Nine of ten closed faults were repaired at least as quickly.",
    order: 4,
  },
  withinTarget: {
    kind: "ratio",
    nullable: true,
    title: "Repairs within the target",
    meaning: "Share of the closed faults whose repair took at most the target.",
    headline: true,
    order: 5,
  },
  restrictedMeanMs: {
    kind: "durationMs",
    nullable: true,
    title: "MTTR with open faults (restricted mean)",
    meaning:
      "Kaplan–Meier restricted mean of the faults opened in the window, the open ones censored at its end: the mean of closed faults alone is too small.",
    headline: true,
    order: 2,
    against: { target: "targetMs", met: "metRestricted", bound: "at most" },
  },
  restrictedToMs: {
    kind: "durationMs",
    nullable: true,
    title: "Restricted mean up to",
    meaning: "The longest duration observed, up to which the restricted mean is taken.",
  },
  metRestricted: {
    kind: "verdict",
    nullable: true,
    title: "MTTR target met by the restricted mean",
    meaning: "Whether the restricted mean is at most the target.",
    beside: true,
  },
} as const satisfies Fields;

const mttrFields = {
  ...repairFigures,
  byCause: groupsBy("Repairs by cause", "Cause", "The category that the failure names."),
  byComponent: groupsBy(
    "Repairs by component",
    "Component",
    "The component that the failure names, or unknown.",
  ),
  bySku: groupsBy("Repairs by SKU", "SKU", "The SKU of the node's membership, or unknown."),
  byHow: groupsBy(
    "Repairs by how the node returned",
    "How",
    "automatic or manual, as the return says, or unknown.",
  ),
  segments: {
    kind: "record",
    title: "Where the repair time went",
    meaning:
      "Sums over the closed faults whose events tell of their repair; together they are these faults' repair time.",
    fields: {
      faults: {
        kind: "count",
        title: "Repairs that tell where their time went",
        meaning: "Closed faults with a detection or a phase of repair.",
      },
      totalMs: {
        kind: "map",
        title: "Where the repair time went",
        meaning:
          "Time until the detection, from the detection to the first phase (wait), and in each phase.",
        key: {
          title: "Segment",
          meaning: "A part of the repair.",
          values: repairSegments,
          complete: true,
        },
        each: { kind: "durationMs", title: "Time", meaning: "The sum over these faults." },
      },
    },
  },
  open: {
    kind: "rows",
    title: "Open faults at the end of the period",
    meaning: "Faults that were not repaired by the window's end.",
    sorted: "oldest first",
    none: "No fault is open.",
    row: {
      ...nodeAndFault,
      ageMs: {
        kind: "durationMs",
        title: "Age",
        meaning: "Time from its beginning to the window's end.",
      },
      overTarget: {
        kind: "flag",
        title: "Beyond the target",
        meaning: "Whether its age is more than the target.",
        words: ["beyond the target", "within the target"],
      },
    },
  },
  censored: {
    kind: "rows",
    title: "Faults ended by decommissioning, not counted as repaired",
    meaning: "Faults that were open when their node was decommissioned in the window.",
    sorted: "oldest first",
    row: {
      ...nodeAndFault,
      until: { kind: "instant", title: "Until", meaning: "When the node was decommissioned." },
    },
  },
  nodeOutages: {
    kind: "record",
    title: "Node outages",
    meaning:
      "Outages of nodes that ended in the window: overlapping and touching faults of a node are one outage.",
    fields: {
      closed: {
        kind: "count",
        title: "Node outages ended",
        meaning: "Outages that ended in the window.",
      },
      meanMs: {
        kind: "durationMs",
        nullable: true,
        title: "Mean node outage",
        meaning: "Their mean length.",
      },
      medianMs: {
        kind: "durationMs",
        nullable: true,
        title: "Median node outage",
        meaning: "Half of them were at least as short.",
      },
    },
  },
  note: noteField,
} as const satisfies Fields;

export const mttr = entry(
  {
    kind: "record",
    title: "Mean time to repair (MTTR)",
    meaning: "How long faults lasted, from the failure to the return, and which are still open.",
    fields: mttrFields,
  },
  ({ nodes, window, policy }) => {
    const figure = mttrIn(nodes(), window, policy.mttrTargetMs);
    return { ...figure, ...mttrNotes(figure) };
  },
);

function mttrNotes(figure: MttrFigure): { readonly note?: string } {
  const { faultsOpened: opened, faultsClosed: closed, nodeOutages, closedWithoutLength } = figure;
  return notes(
    closed === 0 && "No fault was closed in the period.",
    closed > 0 && nodeOutages.closed === 0 && whyNoOutageEnded(closed, closedWithoutLength),
    opened === 0 && "No fault was opened in the period, so there is no restricted mean.",
  );
}

/** Why there is no outage although faults were closed. */
function whyNoOutageEnded(closed: number, withoutLength: number): string {
  const none = "No outage of a node ended in the period";
  if (withoutLength === closed) return `${none}: every fault that was closed lasted no time.`;
  if (withoutLength === 0) return `${none}: another fault was open each time.`;
  return `${none}: a fault that was closed lasted no time, or another one was still open.`;
}
