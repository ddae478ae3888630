/** A view that tells which kinds of entities are folded. */
import type { KindName } from "../../projections/kinds.ts";
import type { ClusterView } from "../../projections/view.ts";

/** The same view; `folded` is told of each kind whose entities are asked for. */
export function watched(view: ClusterView, folded: (kind: KindName) => void): ClusterView {
  return {
    cluster: view.cluster,
    sequence: view.sequence,
    headRecordedAt: view.headRecordedAt,
    zoneTable: view.zoneTable,
    known: view.known,
    registrations: view.registrations,
    policies: view.policies,
    get rolloutPolicies() {
      return view.rolloutPolicies;
    },
    get coTests() {
      return view.coTests;
    },
    names: (kind) => view.names(kind),
    firstFactAt: (kind) => view.firstFactAt(kind),
    entities: (kind) => {
      folded(kind);
      return view.entities(kind);
    },
    entity: (kind, name) => {
      folded(kind);
      return view.entity(kind, name);
    },
    faultEnd: (node, faultId) => view.faultEnd(node, faultId),
    nodesAsIntegers: () => null,
    within: (window) => watched(view.within(window), folded),
  };
}
