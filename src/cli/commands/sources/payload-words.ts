/** What became of a payload, or would become of it, in words. */
import { counted, number } from "../../../reports/text/figures.ts";
import { shownText } from "../../../shown-text.ts";
import type { Answer } from "../../../sources/intake/answer.ts";
import type { Preview } from "../../../sources/intake/take-payload.ts";

/** A preview, of which a server lists the first events alone. */
export type ToldPreview = Preview & { readonly wouldAppend?: number };

export function answerText(answer: Answer, format: "text" | "json"): string {
  if (format === "json") return `${JSON.stringify(answer)}\n`;
  return lines([
    counted(answer.observations, "observation"),
    [
      `${counted(answer.appended, "event")} appended`,
      counted(answer.duplicates, "duplicate"),
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
    `${counted(answer.observations, "observation")}; nothing is appended`,
    [`${counted(wouldAppend, "event")} would be appended`, ...restOf(answer)].join(", "),
    ...events.map(({ type, occurredAt, data, reason }) => {
      const why = reason === undefined ? "" : ` (${reason})`;
      return `${occurredAt} ${type} ${JSON.stringify(data)}${why}`;
    }),
    ...(wouldAppend > events.length
      ? [`not listed: ${counted(wouldAppend - events.length, "more event")}`]
      : []),
    ...wordsOf(answer),
  ]);
}

function restOf({ absorbed, ignored, refused }: Answer): string[] {
  return [
    `${counted(absorbed, "observation")} known already`,
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
