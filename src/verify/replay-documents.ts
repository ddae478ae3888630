/** The documents that a replay compares: of which periods, and whether and where two of them differ. */
import { hash } from "node:crypto";
import { FigureTooLarge } from "../../projections/arithmetic/ratio.ts";
import { catalogue, type MemberName } from "../../projections/document/catalogue.ts";
import { inputsOf } from "../../projections/document/entry/inputs.ts";
import { membersOf, slaDocument } from "../../projections/document/sla-document.ts";
import { kindNames } from "../../projections/kinds.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import type { Interval } from "../../projections/arithmetic/intervals.ts";
import { RefusedRequest } from "../../projections/time/refused-request.ts";
import type { ClusterView } from "../../projections/view.ts";
import { canonicalJson } from "../events/canonical/canonical.ts";
import { differences } from "../reports/restated/difference.ts";
import type { FigureDifference } from "../reports/restated/difference.ts";
import type { Json } from "../reports/restated/document-figures.ts";
import { zonesInForce } from "../zones/zones.ts";

const memberNames = Object.keys(catalogue) as MemberName[];

/** The hash of each member of a document, or why there is none: both sides must refuse alike too. */
export type Digests = readonly string[];

/** The months that a cluster's facts lie in, and all of them as one. */
export function periodsOf(span: Interval): string[] {
  const months: string[] = [];
  const begin = new Date(span.from);
  let at = Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth());
  const from = at;
  while (at <= span.to) {
    const text = formatInstant(at);
    months.push(text.slice(0, 7));
    at = Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)));
  }
  return [...months, `${formatInstant(from)}/${formatInstant(at)}`];
}

/** A hash for each member, so that the texts of a large document are not in memory all at once. */
export function digestsOf(view: ClusterView, period: string): Digests {
  try {
    const inputs = inputsOf(view, { period }, zonesInForce(view.zoneTable));
    // Asked for first: a view that is folded in turns begins anew for each of them.
    for (const kind of kindNames) inputs.view.entities(kind);
    return memberNames.map((name) =>
      hash("sha256", JSON.stringify(membersOf(inputs, [name])), "base64"),
    );
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return [`refused: ${error.message}`];
  }
}

/** The document, or why there is none. */
export function documentOf(view: ClusterView, period: string): Json {
  try {
    const document = slaDocument(view, { period }, zonesInForce(view.zoneTable));
    // In the document's own order: what comes first is what the rest follows from.
    return JSON.parse(JSON.stringify(document)) as Json;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { refused: error.message };
  }
}

function isRefusal(error: unknown): error is RefusedRequest | FigureTooLarge {
  return error instanceof RefusedRequest || error instanceof FigureTooLarge;
}

export function firstDifference(live: Json, plain: Json): FigureDifference | null {
  const [before, after] = [canonicalJson(live), canonicalJson(plain)];
  if (before === after) return null;
  return differences(live, plain)[0] ?? { figure: "document", before, after };
}
