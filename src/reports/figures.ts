/** A cluster's figures for the window of a request. */
import type { MemberName, SlaDocument } from "../../projections/document/catalogue.ts";
import type { FigureInputs } from "../../projections/document/entry/inputs.ts";
import { inputsOf } from "../../projections/document/entry/inputs.ts";
import type { Scope } from "../../projections/document/entry/scope.ts";
import {
  documentInSteps,
  documentOf,
  membersInSteps,
  membersOf,
} from "../../projections/document/sla-document.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import type { ClusterView } from "../../projections/view.ts";
import { LedgerError } from "../errors.ts";
import type { Steps } from "../turns.ts";
import { zonesInForce } from "../zones/zones.ts";
import { defaultPeriod, namedPeriod } from "./default-period.ts";

export interface WindowQuery {
  readonly period?: string | undefined;
  readonly zone?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** The window as the text of a period (`FROM/TO` for two instants); undefined if none is given. */
export function periodText(query: Omit<WindowQuery, "zone">): string | undefined {
  const { period, from, to } = query;
  return from === undefined || to === undefined
    ? period
    : `${formatInstant(from)}/${formatInstant(to)}`;
}

/**
 * The input of the figures of a window, for the cluster or a part of it. Without a window, the default period. Throws
 * `period-refused`, `unknown-zone` or `invalid-request` if the window or zone is wrong.
 */
export function figureInputs(
  view: ClusterView,
  query: WindowQuery,
  scope: Scope = {},
): FigureInputs {
  const { zone } = query;
  const period = askedPeriod(view, query);
  const request = { period, ...(zone === undefined ? {} : { zone }) };
  return inputsOf(view, request, zonesInForce(view.zoneTable), scope);
}

/** The cluster's SLA document. Throws what `figureInputs` throws. */
export function slaDocumentOf(view: ClusterView, query: WindowQuery): SlaDocument {
  return documentOf(figureInputs(view, query));
}

/** The same in steps. */
export function slaDocumentInSteps(view: ClusterView, query: WindowQuery): Steps<SlaDocument> {
  return documentInSteps(figureInputs(view, query));
}

/** Some members of the document, computed without the others. Throws what `figureInputs` throws. */
export function figuresAlone<K extends MemberName>(
  view: ClusterView,
  query: WindowQuery,
  names: readonly K[],
): Pick<SlaDocument, K> {
  return membersOf(figureInputs(view, query), names);
}

/** The same in steps. */
export function figuresAloneInSteps<K extends MemberName>(
  view: ClusterView,
  query: WindowQuery,
  names: readonly K[],
): Steps<Pick<SlaDocument, K>> {
  return membersInSteps(figureInputs(view, query), names);
}

/** The period of a request, as a document names it; by default the default period. Throws `period-refused` in an empty ledger. */
export function askedPeriod(view: ClusterView, query: WindowQuery): string {
  const { zone } = query;
  const asked = periodText(query);
  const period =
    asked === undefined ? defaultPeriod(view, zone)?.label : namedPeriod(view, asked, zone);
  if (period !== undefined) return period;
  throw new LedgerError("period-refused", "The ledger is empty at this position.");
}

/** What the figures of a window take from ledger time and the cluster's terms. */
export function termsOf(view: ClusterView, query: WindowQuery): string {
  const { definitions, zones, period, policy } = figureInputs(view, query);
  return JSON.stringify([definitions, zones.version, period, policy]);
}
