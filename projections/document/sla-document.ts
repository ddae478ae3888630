/** The SLA document of a cluster and period: the same for the command line, the API and an issued report. */
import type { ZoneTable } from "../time/zone-table.ts";
import { kindNames } from "../kinds.ts";
import type { ClusterView } from "../view.ts";
import { catalogueAt, type MemberName, type SlaDocument } from "./catalogue.ts";
import { type FigureInputs, inputsOf, type SlaRequest } from "./entry/inputs.ts";
import { written } from "./write.ts";

export type { SlaDocument } from "./catalogue.ts";

/**
 * Computes the SLA document. Throws RefusedRequest (a malformed or skipped period, one that has not begun, an
 * unknown zone or cluster), and FigureTooLarge for a sum past 2^53 - 1.
 */
export function slaDocument(view: ClusterView, request: SlaRequest, zones: ZoneTable): SlaDocument {
  return documentOf(inputsOf(view, request, zones));
}

/** The same, a member with each step. */
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

/** The same, a member with each step. */
export function* documentInSteps(inputs: FigureInputs): Generator<undefined, SlaDocument> {
  // Asked for before anything is computed: a view that is folded in turns starts again for each of them.
  for (const kind of kindNames) inputs.view.entities(kind);
  let document = {};
  for (const name of catalogueAt(inputs.definitions).keys()) {
    yield;
    document = { ...document, ...membersOf(inputs, [name]) };
  }
  return document as SlaDocument;
}

/** Some members of the document, as far as its definitions have them: what only the others need is not computed. */
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
