/** The `rollouts` and `nfz` sections: which rollouts wait, and for which no-fly zones. */
import type { RolloutsFigure } from "../../figures/blocked-queue.ts";
import { entry, noteField, notes } from "../entry/entry.ts";
import type { Fields } from "../entry/field.ts";

export const blockedFields = {
  rollout: { kind: "name", title: "Rollout", meaning: "The rollout." },
  since: { kind: "instant", title: "Since", meaning: "When it was first refused." },
  ageMs: { kind: "durationMs", title: "Age", meaning: "How long it has waited." },
  nfzIds: {
    kind: "list",
    of: "name",
    title: "By no-fly zones",
    meaning: "The no-fly zones that the latest refusal names.",
  },
  refusedBy: {
    kind: "eventId",
    title: "Refused by",
    meaning: "The event of the latest refusal.",
    wide: true,
  },
  nextRelease: {
    kind: "instant",
    title: "Next release",
    meaning:
      "The earliest instant, at or after the one asked about, at which none of these no-fly zones is in force.",
  },
  releaseOverdue: {
    kind: "flag",
    title: "Release overdue",
    meaning: "Whether the no-fly zones are over and nobody released the rollout.",
    words: ["overdue", "not overdue"],
  },
  nodesDone: {
    kind: "count",
    nullable: true,
    title: "Nodes done",
    meaning: "Nodes on which it is done.",
    nullWhen: "no progress was reported",
  },
  nodesTotal: {
    kind: "count",
    nullable: true,
    title: "Nodes in all",
    meaning: "Nodes on which it is to be done.",
    nullWhen: "no progress was reported",
  },
  urgency: {
    kind: "text",
    nullable: true,
    title: "Urgency",
    meaning: "The urgency that it was submitted with.",
    nullWhen: "no submission is known",
  },
} as const satisfies Fields;

const blockedMs = {
  kind: "durationMs",
  title: "Time blocked",
  meaning: "Time within the window in which it was blocked.",
} as const;

const fields = {
  blocked: {
    kind: "rows",
    title: "Rollouts blocked at the end of the period",
    meaning: "The blocked queue at the window's end.",
    sorted: "oldest first",
    none: "No rollout is blocked.",
    row: blockedFields,
  },
  blockedMs: {
    kind: "durationMs",
    title: "Time blocked, all rollouts",
    meaning: "Time within the window in which rollouts were blocked, summed over them.",
  },
  refusals: {
    kind: "count",
    title: "Refusals",
    meaning: "How often a rollout was refused a start in the window because of no-fly zones.",
  },
  overrides: {
    kind: "count",
    title: "Overrides",
    meaning: "Overrides of no-fly zones that were granted in the window.",
  },
  blockedByRollout: {
    kind: "rows",
    title: "Time blocked, by rollout",
    meaning: "Time blocked within the window, for each rollout that waited.",
    sorted: "by name",
    row: { rollout: { kind: "name", title: "Rollout", meaning: "The rollout." }, blockedMs },
  },
  note: noteField,
} as const satisfies Fields;

export const rollouts = entry(
  {
    kind: "record",
    title: "Rollouts",
    meaning: "Rollouts that no-fly zones held up.",
    fields,
  },
  (inputs) => {
    const figure = inputs.rollouts();
    return { ...figure, ...rolloutNotes(figure) };
  },
);

function rolloutNotes({ blocked }: RolloutsFigure): { readonly note?: string } {
  return notes(
    blocked.some((each) => each.nodesDone === null) &&
      "A rollout without nodesDone and nodesTotal has not reported any progress.",
    blocked.some((each) => each.urgency === null) &&
      "A rollout without urgency was blocked, but not submitted as far as is known.",
  );
}

export const nfz = entry(
  {
    kind: "rows",
    title: "No-fly zones",
    meaning: "No-fly zones that touch the window, whole, after all their changes.",
    sorted: "by name",
    row: {
      nfz: { kind: "name", title: "No-fly zone", meaning: "The no-fly zone." },
      occurrences: {
        kind: "rows",
        title: "Occurrences",
        meaning: "Its occurrences that touch the window, not cut to it.",
        row: {
          from: { kind: "instant", title: "From", meaning: "When the occurrence begins." },
          to: { kind: "instant", title: "Until", meaning: "When it ends." },
        },
      },
    },
  },
  ({ view, window }) => {
    const touching = Array.from(view.entities("nfz"), ({ nfz: name, occurrences }) => ({
      nfz: name,
      occurrences: occurrences.filter(
        ({ from, to }) => from < to && from < window.to && to > window.from,
      ),
    }));
    return touching.filter(({ occurrences }) => occurrences.length > 0);
  },
);
