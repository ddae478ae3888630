/** Recurring NFZs across changes of the clocks, with the occurrences that others computed for them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { instantMs } from "../../../projections/time/instant.ts";
import { readRecurrence } from "../../../src/decisions/recurrence/recurrence.ts";
import type { DeclaredRecurrence } from "../../../src/decisions/recurrence/recurrence.ts";
import { declaredData } from "../../../src/decisions/recurrence/resolution.ts";
import { resolveDeclaration } from "../../../src/decisions/recurrence/resolve-declaration.ts";
import { isLedgerError } from "../../../src/errors.ts";
import { firstZones } from "../../../src/zones/zones.ts";
import { explainSkip, hasSharedData, sharedData } from "../../verify/shared-data.ts";

explainSkip("tables of recurring NFZs across changes of the clocks");

interface Tables {
  readonly tzdata: string;
  readonly cases: readonly {
    readonly note: string;
    readonly recurrence: DeclaredRecurrence;
    readonly declaredAt: string;
    readonly occurrences: readonly { from: string; to: string; local: string }[];
    readonly resolvedUntil: string | null;
  }[];
  readonly refused: readonly { recurrence: DeclaredRecurrence; refused: string }[];
}

const tables = hasSharedData
  ? (JSON.parse(readFileSync(join(sharedData, "nfz/dst-tables.json"), "utf8")) as Tables)
  : { tzdata: firstZones.version, cases: [], refused: [] };

describe.skipIf(!hasSharedData)("recurrences across changes of the clocks", () => {
  test("the tables are of the zones that the project carries", () => {
    expect(tables.tzdata).toBe(firstZones.version);
    expect(tables.cases).toHaveLength(155);
    expect(tables.refused).toHaveLength(10);
  });

  test.each(tables.cases)(
    "$recurrence.zone, $recurrence.rrule from $recurrence.start: $note",
    ({ recurrence, declaredAt, occurrences, resolvedUntil }) => {
      const made = resolveDeclaration({ recurrence }, instantMs(declaredAt), firstZones);
      if (made.kind === "refused") throw new Error(made.message);
      expect(declaredData(made)).toEqual({
        occurrences: occurrences.map(({ from, to }) => ({ from, to })),
        ...(resolvedUntil === null ? {} : { resolvedUntil }),
        tzdata: tables.tzdata,
      });
      expect(
        made.occurrences.map(({ local }) => local?.from.replace(shortLocal, "$1$2$3")),
      ).toEqual(occurrences.map(({ local }) => local));
    },
  );

  test.each(tables.refused)(
    "$recurrence.rrule from $recurrence.start for $recurrence.durationMs ms in $recurrence.zone: $refused",
    ({ recurrence, refused }) => {
      const [code = "", about = ""] = refused.split(/\/(.*)/s);
      const answer = answerTo(recurrence);
      expect(answer.code).toBe(code);
      expect(answer.text).toContain(about);
    },
  );
});

/** The tables write local times without seconds, and offsets without a colon. */
const shortLocal = /^(.{16}):00([+-]\d\d):(\d\d)$/;

function answerTo(recurrence: DeclaredRecurrence): { code: string; text: string } {
  const read = readRecurrence(recurrence, firstZones);
  if (isLedgerError(read)) return { code: read.code, text: read.message };
  const made = resolveDeclaration({ recurrence }, Date.UTC(2025, 11, 1), firstZones);
  if (made.kind === "resolved") throw new Error("was not refused");
  return { code: "window-refused", text: made.because };
}
