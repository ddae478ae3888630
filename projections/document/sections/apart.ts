/** Figures that answers give outside the SLA document, about parts of a cluster or several clusters. */
import { noteField } from "../entry/entry.ts";
import type { Fields, RecordField } from "../entry/field.ts";
import { nodeTimeFields } from "./nis.ts";

const scopeField = {
  kind: "record",
  title: "Scope",
  meaning: "The part of the cluster that the figure is about.",
  optional: true,
  fields: {
    rack: {
      kind: "name",
      optional: true,
      title: "Rack",
      meaning: "Only nodes while they were members of this rack.",
    },
    sku: {
      kind: "name",
      optional: true,
      title: "SKU",
      meaning: "Only nodes while they were members of this SKU.",
    },
  },
} as const satisfies RecordField;

const fleetField = {
  kind: "record",
  title: "Fleet",
  meaning:
    "All clusters together, where none is named: sums, and the quotients of the sums. There is no target: each cluster has its own.",
  optional: true,
  fields: {
    clusters: { kind: "count", title: "Clusters", meaning: "How many clusters are summed." },
    ...nodeTimeFields,
    note: noteField,
  },
} as const satisfies RecordField;

const seconds = (title: string, meaning: string) =>
  ({
    kind: "rate",
    nullable: true,
    nullWhen: "there are fewer than three recoveries, or one size only",
    unit: "s",
    title,
    meaning,
  }) as const;

const recoveryField = {
  kind: "record",
  title: "Recovery",
  meaning:
    "Recovery time against the size of jobs: where it does not grow with the number of nodes, the slope is near 0.",
  fields: {
    recoveries: {
      kind: "count",
      title: "Recoveries",
      meaning: "Interruptions that were resumed in the window.",
    },
    secondsPerDoubling: seconds(
      "Seconds per doubling of nodes",
      "Slope of recovery time over log₂ of the nodes.",
    ),
    from: seconds("Slope, from", "Start of its 95 % interval."),
    to: seconds("Slope, to", "End of its 95 % interval."),
  },
} as const satisfies RecordField;

/** All of them, by their names in answers. */
export const apart = {
  scope: scopeField,
  fleet: fleetField,
  recovery: recoveryField,
} as const satisfies Fields;
