/** A view's document as text, so that documents are compared whole. */
import type { ClusterView } from "../../projections/view.ts";
import { slaDocument } from "../../projections/document/sla-document.ts";
import { RefusedRequest } from "../../projections/time/refused-request.ts";
import { firstZones } from "../../src/zones/zones.ts";
import type { OracleRequest } from "../oracle/sla-oracle.ts";

export function documentOf(view: ClusterView, { period, zone }: OracleRequest): string {
  try {
    return JSON.stringify(slaDocument(view, { period, zone }, firstZones));
  } catch (error) {
    if (error instanceof RefusedRequest) return "refused";
    throw error;
  }
}
