/** The `mtbf` section: how often nodes fail. */
import { mtbfIn } from "../../figures/repair/mtbf.ts";
import { entry, noteField, notes } from "../entry/entry.ts";
import type { Fields } from "../entry/field.ts";
import { faultsOpened } from "./mttr.ts";

const mtbfFields = {
  faultsOpened,
  mtbfMs: {
    kind: "durationMs",
    nullable: true,
    title: "Mean in-service time between faults (MTBF)",
    meaning: "In-service node-time per fault opened.",
    headline: true,
    order: 1,
  },
  faultsPerThousandNodeDays: {
    kind: "rate",
    nullable: true,
    unit: "per 1,000 node-days",
    title: "Failure rate",
    meaning: "Faults opened per 1,000 node-days of membership.",
    order: 2,
  },
  repeatOffenderProbability: {
    kind: "rate",
    title: "Bound for repeat offenders",
    meaning:
      "A node is a repeat offender if a node of the mean rate has so many faults with at most this probability.",
  },
  repeatOffenders: {
    kind: "rows",
    title: "Repeat offenders",
    meaning: "Nodes with more faults than a Poisson count of the cluster's rate explains.",
    sorted: "most faults first",
    row: {
      node: { kind: "name", title: "Node", meaning: "The node." },
      faults: { kind: "count", title: "Faults", meaning: "Its faults opened in the window." },
      expected: {
        kind: "rate",
        title: "Expected",
        meaning: "The faults that a node of the mean rate would have in its time as a member.",
      },
    },
  },
  note: noteField,
} as const satisfies Fields;

export const mtbf = entry(
  {
    kind: "record",
    title: "Mean time between faults (MTBF)",
    meaning: "How often nodes fail.",
    fields: mtbfFields,
  },
  ({ nodes, window, nis }) => {
    const figure = mtbfIn(nodes(), window, nis());
    const { faultsOpened: opened, faultsPerThousandNodeDays: failureRate } = figure;
    return {
      ...figure,
      ...notes(
        opened === 0 && "No fault was opened in the period.",
        failureRate === null && "No node was a member in the period.",
      ),
    };
  },
);
