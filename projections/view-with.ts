/** A view with parts of it replaced; everything else is read from the original view on demand. */
import type { ClusterView } from "./view.ts";

/** The same facts, at the moment when the ledger's time was `headRecordedAt`. */
export function viewAtTime(view: ClusterView, headRecordedAt: number | null): ClusterView {
  const within: ClusterView["within"] = (window) => viewAtTime(view.within(window), headRecordedAt);
  return viewWith(view, { headRecordedAt, within });
}

type Others = Partial<
  Pick<
    ClusterView,
    | "headRecordedAt"
    | "within"
    | "entities"
    | "names"
    | "firstFactAt"
    | "entity"
    | "faultEnd"
    | "nodesAsIntegers"
  >
>;

/** The view with some of its members replaced. */
export function viewWith(view: ClusterView, others: Others): ClusterView {
  const { cluster, sequence, headRecordedAt, zoneTable } = view;
  return {
    cluster,
    sequence,
    headRecordedAt,
    zoneTable,
    get known() {
      return view.known;
    },
    get registrations() {
      return view.registrations;
    },
    get policies() {
      return view.policies;
    },
    get rolloutPolicies() {
      return view.rolloutPolicies;
    },
    get coTests() {
      return view.coTests;
    },
    entities: (kind) => view.entities(kind),
    names: (kind) => view.names(kind),
    firstFactAt: (kind) => view.firstFactAt(kind),
    entity: (kind, name) => view.entity(kind, name),
    faultEnd: (node, faultId) => view.faultEnd(node, faultId),
    // The view may be another one because other facts are in it.
    nodesAsIntegers: () => null,
    within: (window) => view.within(window),
    ...others,
  };
}
