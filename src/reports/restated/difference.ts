/**
 * Compares two SLA documents, figure by figure.
 *
 * A figure is named by its path: `nis.raw`, `mttr.byCause.hardware.closed`, `mttr.open[f1,gpu7].ageMs`.
 * List members are matched by what identifies them, not by their index.
 */
import type { Steps } from "../../turns.ts";
import { stepsAtOnce, stepsInTurns } from "../../turns.ts";
import type { Json } from "./document-figures.ts";
import { Unmatched } from "./unmatched.ts";

export interface FigureDifference {
  readonly figure: string;
  /** `undefined` if that document does not have it. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** As `differences`, without blocking the event loop. */
export async function differencesInTurns(before: Json, after: Json): Promise<FigureDifference[]> {
  return await stepsInTurns(comparing(before, after));
}

/** The figures in which two documents differ, in the order of the later document; those that disappeared come last. */
export function differences(before: Json, after: Json): FigureDifference[] {
  return stepsAtOnce(comparing(before, after));
}

function* comparing(before: Json, after: Json): Steps<FigureDifference[]> {
  const now = new Unmatched();
  yield* now.inDocument(after, before);
  const old = new Unmatched();
  yield* old.inDocument(before, after);
  return [
    ...now.figures.map(({ figure, own, other }) => ({ figure, before: other, after: own })),
    // A figure that both documents have was already reported as changed.
    ...old.figures
      .filter(({ other }) => other === undefined)
      .map(({ figure, own }) => ({ figure, before: own, after: undefined })),
    ...now.members.map(({ figure, own }) => ({ figure, before: undefined, after: own })),
    ...old.members.map(({ figure, own }) => ({ figure, before: own, after: undefined })),
  ];
}

/** Whether a figure is among those that differ, contains one of them, or is part of one. */
export function involving(
  found: readonly { readonly figure: string }[],
): (figure: string) => boolean {
  const differing = new Set(found.map(({ figure }) => figure));
  const around = new Set(found.flatMap(({ figure }) => pathsOf(figure)));
  return (figure) =>
    differing.has(figure) ||
    around.has(figure) ||
    pathsOf(figure).some((path) => differing.has(path));
}

/** The list members that contain the figure, outermost first, and the figure itself if it is a member. */
export function pathsOf(figure: string): string[] {
  const paths: string[] = [];
  for (let end = figure.indexOf("]"); end >= 0; end = figure.indexOf("]", end + 1)) {
    paths.push(figure.slice(0, end + 1));
  }
  return paths;
}
