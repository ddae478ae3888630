/** The SLA document of a cluster and period: the same for the command line, the API and issued reports. */
import type { ZoneTable } from "../time/zone-table.ts";
import { kindNames } from "../kinds.ts";
import type { ClusterView } from "../view.ts";
import { catalogueAt, type MemberName, type SlaDocument } from "./catalogue.ts";
import { type FigureInputs, inputsOf, type SlaRequest } from "./entry/inputs.ts";
import { written } from "./write.ts";

export type { SlaDocument } from "./catalogue.ts";

/**
 * Computes the SLA document. Throws RefusedRequest for a malformed or skipped period, a period that has not begun, or
 * an unknown zone or cluster; FigureTooLarge for a sum above 2^53 - 1.
 */
export function slaDocument(view: ClusterView, request: SlaRequest, zones: ZoneTable): SlaDocument {
  return documentOf(inputsOf(view, request, zones));
}

/** The same, one member with each step. */
export function slaDocumentInSteps(
  view: ClusterView,
  request: SlaRequest,
  zones: ZoneTable,
): Generator<undefined, SlaDocument> {
  return documentInSteps(inputsOf(view, request, zones));
}

/** Every member of the document. */
export function documentOf(inputs: FigureInputs): SlaDocument {
  const steps = documentInSteps(inputs);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The same, one member with each step. */
export function* documentInSteps(inputs: FigureInputs): Generator<undefined, SlaDocument> {
  // Requested before anything is computed, because a view that is folded in turns starts again at each request.
  for (const kind of kindNames) inputs.view.entities(kind);
  return yield* membersInSteps(inputs, [...catalogueAt(inputs.definitions).keys()]);
}

/** Some members of the document, one with each step. */
export function* membersInSteps<K extends MemberName>(
  inputs: FigureInputs,
  names: readonly K[],
): Generator<undefined, Pick<SlaDocument, K>> {
  yield* inputs.prepare();
  if (names.some((name) => name === "nis")) {
    // The list of exclusions of a large fleet takes as long as all the rest, so it is a step of its own.
    inputs.exclusions();
    yield;
    inputs.nis();
  }
  let members = {};
  for (const name of names) {
    yield;
    members = { ...members, ...membersOf(inputs, [name]) };
  }
  return members as Pick<SlaDocument, K>;
}

/** Some members of the document, as far as its definitions have them; figures that only other members need are not computed. */
export function membersOf<K extends MemberName>(
  inputs: FigureInputs,
  names: readonly K[],
): Pick<SlaDocument, K> {
  const entries = catalogueAt(inputs.definitions);
  const members = names.flatMap((name) => {
    const entry = entries.get(name);
    return entry === undefined ? [] : [[name, written(entry.field, entry.figure(inputs))] as const];
  });
  return Object.fromEntries(members) as Pick<SlaDocument, K>;
}
