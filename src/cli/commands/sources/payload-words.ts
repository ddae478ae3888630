/** What became of a payload, or would become of it, in words. */
import { number } from "../../../reports/text/figures.ts";
import { shownText } from "../../../shown-text.ts";
import type { Answer } from "../../../sources/intake/answer.ts";
import type { Preview } from "../../../sources/intake/take-payload.ts";

/** A preview, of which a server lists the first events alone. */
export type ToldPreview = Preview & { readonly wouldAppend?: number };

export function answerText(answer: Answer, format: "text" | "json"): string {
  if (format === "json") return `${JSON.stringify(answer)}\n`;
  return lines([
    `${number(answer.observations)} observations`,
    [
      `${number(answer.appended)} events appended`,
      `${number(answer.duplicates)} duplicates`,
      ...restOf(answer),
    ].join(", "),
    ...wordsOf(answer),
  ]);
}

export function previewText(
  { answer, events, wouldAppend = events.length }: ToldPreview,
  format: "text" | "json",
): string {
  if (format === "json") return `${JSON.stringify({ ...answer, wouldAppend, events })}\n`;
  return lines([
    `${number(answer.observations)} observations; nothing is appended`,
    [`${number(wouldAppend)} events would be`, ...restOf(answer)].join(", "),
    ...events.map(({ type, occurredAt, data, reason }) => {
      const why = reason === undefined ? "" : ` (${reason})`;
      return `${occurredAt} ${type} ${JSON.stringify(data)}${why}`;
    }),
    ...(wouldAppend > events.length
      ? [`${number(wouldAppend - events.length)} more events are not listed`]
      : []),
    ...wordsOf(answer),
  ]);
}

function restOf({ absorbed, ignored, refused }: Answer): string[] {
  return [
    `${number(absorbed)} observations known already`,
    `${number(ignored)} ignored`,
    `${number(refused.length)} refused`,
  ];
}

function wordsOf({ truncated, refused, notes }: Answer): string[] {
  return [
    ...(truncated > 0 ? [`${number(truncated)} left out by the sender`] : []),
    ...refused.map(({ path, detail }) => `refused ${path}: ${detail}`),
    ...notes.map(({ path, detail }) => `note ${path}: ${detail}`),
  ];
}

function lines(some: readonly string[]): string {
  return `${some.map(shownText).join("\n")}\n`;
}
