/** A restated report as text: what differs from the report as issued, and which events changed it. */
import { shownText } from "../../shown-text.ts";
import { instantShort, number, table } from "./figures.ts";
import type { RestatedJson } from "../restated/restated.ts";

type Difference = RestatedJson["differences"][number];

export function restatedText(restated: RestatedJson): string {
  const { issued, asOf, differences, periodEnd, work } = restated;
  const { period } = issued;
  const lines = [
    `Report ${issued.report}, ${issued.cluster}, ${period.label} (${period.zone})`,
    `issued ${instantShort(issued.issuedAt)} as of sequence ${number(issued.sequence)}; restated as of sequence ${number(asOf.sequence)}`,
  ];
  if (periodEnd.after !== null && periodEnd.before !== periodEnd.after) {
    lines.push(
      `The period was not over when the report was issued. Its end has moved to ${instantShort(periodEnd.after)}.`,
    );
  }
  if (differences.length === 0) {
    lines.push("No figure differs: the report is the same as issued.");
  } else {
    const many = differences.length === 1 ? "figure differs" : "figures differ";
    lines.push(`${number(differences.length)} ${many}, as issued -> now:`);
    lines.push(...table(differences.map(rowOf)));
    lines.push(...events(restated));
  }
  if (!work.complete) {
    lines.push(
      `The events were not all told apart (${number(work.documents)} documents were computed); a range of sequences means that several events may have made a difference.`,
    );
  }
  return `${lines.map(shownText).join("\n")}\n`;
}

function rowOf({ figure, before, after, ...causes }: Difference): string[] {
  return [figure, `${valueText(before)} -> ${valueText(after)}`, causesText(causes)];
}

function valueText(value: unknown): string {
  if (value === null) return "-";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

function causesText({
  sequences,
  ranges,
  byLedgerTime,
}: Pick<Difference, "sequences" | "ranges" | "byLedgerTime">): string {
  const causes = [
    ...sequences.map((sequence) => `#${sequence}`),
    ...ranges.map(({ after, upTo }) => `some of #${after + 1} to #${upTo}`),
    ...(byLedgerTime ? ["ledger time advanced"] : []),
  ];
  return causes.length === 0 ? "" : `by ${causes.join(", ")}`;
}

function events({ events: made }: RestatedJson): string[] {
  if (made.length === 0) return [];
  const rows = made.map(({ sequence, type, id, actor, reason }) => {
    const said = [actor, reason].filter((each) => each !== undefined).join(": ");
    return [`#${sequence}`, type, `${id}  ${said}`.trimEnd()];
  });
  return ["Events:", ...table(rows)];
}
