/** A view with something else in one place; all else is asked of the view itself, when it is asked for. */
import type { ClusterView } from "../../../projections/view.ts";

/** The same facts, looked at when the ledger's time had come to `headRecordedAt`. */
export function viewAtTime(view: ClusterView, headRecordedAt: number | null): ClusterView {
  const within: ClusterView["within"] = (window) => viewAtTime(view.within(window), headRecordedAt);
  return viewWith(view, { headRecordedAt, within });
}

type Others = Partial<Pick<ClusterView, "headRecordedAt" | "within" | "entities">>;

/** The view with some of it replaced. */
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
    entities: (kind) => view.entities(kind),
    names: (kind) => view.names(kind),
    firstFactAt: (kind) => view.firstFactAt(kind),
    entity: (kind, name) => view.entity(kind, name),
    within: (window) => view.within(window),
    ...others,
  };
}
