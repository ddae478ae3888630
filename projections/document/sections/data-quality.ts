/** The `dataQuality` and `evidence` sections: which facts do not fit, and which events were used. */
import { findingKinds } from "../../facts/finding.ts";
import { allFindings, findingCounts } from "../../figures/data-quality.ts";
import { evidenceIn } from "../../figures/evidence.ts";
import { kindNames } from "../../kinds.ts";
import { entry } from "../entry/entry.ts";
import type { Fields, MapField } from "../entry/field.ts";

export const findingFields = {
  kind: {
    kind: "choice",
    values: findingKinds,
    title: "Finding",
    meaning: "The kind of finding; docs/measures.md lists the kinds.",
  },
  eventId: {
    kind: "eventId",
    title: "Event",
    meaning: "The fact that does not fit; of an overdue release the latest refusal.",
  },
  at: {
    kind: "instant",
    title: "At",
    meaning: "When the fact occurred; of an overdue release the window's end.",
  },
  subject: {
    kind: "choice",
    values: kindNames,
    title: "Of",
    meaning: "The kind of thing that the fact is about.",
    order: 2,
  },
  name: { kind: "name", title: "Name", meaning: "The thing that the fact is about.", order: 3 },
} as const satisfies Fields;

export const findingsByKind = {
  kind: "map",
  title: "Facts that did not fit, by kind",
  meaning: "How many findings of each kind there are; kinds without any are left out.",
  key: { title: "Finding", meaning: "The kind of finding.", values: findingKinds },
  each: { kind: "count", title: "Facts", meaning: "Findings of the kind in the window." },
} as const satisfies MapField;

export const dataQuality = entry(
  {
    kind: "record",
    title: "Data quality",
    meaning: "Facts that are kept but change no figure, or not the one that was meant.",
    fields: {
      findings: findingsByKind,
      list: {
        kind: "rows",
        title: "Facts that did not fit",
        meaning: "Every finding of the window.",
        sorted: "by time, event and kind; overdue releases last",
        none: "Every fact fits.",
        row: findingFields,
      },
    },
  },
  ({ view, window, rollouts }) => {
    const found = allFindings(view, window, rollouts().blocked);
    return {
      findings: findingCounts(found),
      list: found.map(({ factId, ...each }) => ({ ...each, eventId: factId })),
    };
  },
);

export const evidence = entry(
  {
    kind: "record",
    title: "Evidence",
    meaning: "Which facts the figures are made of. JSON and CSV name each.",
    fields: {
      faults: {
        kind: "list",
        of: "eventId",
        title: "Faults that went in",
        meaning:
          "The failure of each fault that was opened, closed, open or censored in the window.",
      },
      interruptions: {
        kind: "list",
        of: "eventId",
        title: "Interruptions that went in",
        meaning:
          "The interruptions that were counted in the window, lasted in it, or lost running time of it.",
      },
    },
  },
  ({ view, nodes, window }) => evidenceIn(nodes(), view.entities("job"), window),
);
