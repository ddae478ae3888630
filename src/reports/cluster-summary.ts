/** A cluster's headline figures: those of the SLA document that have a target, without the lists. */
import type { ClusterView } from "../../projections/view.ts";
import type { WindowQuery } from "./figures.ts";
import { slaDocumentInSteps } from "./figures.ts";

export function* clusterSummary(view: ClusterView, query: WindowQuery) {
  const document = yield* slaDocumentInSteps(view, query);
  const { cluster, period, policy, nis, mttr, jobUptime, rollouts, nfz, dataQuality } = document;
  const { exclusions, announcedLate, ...nisFigures } = nis;
  const {
    byCause: _cause,
    byComponent: _component,
    open: openFaults,
    censored,
    ...mttrFigures
  } = mttr;
  const { jobs, open: openInterruptions, attribution: _attribution, ...uptimeFigures } = jobUptime;
  return {
    cluster,
    period,
    policy,
    nis: { ...nisFigures, exclusions: exclusions.length, announcedLate: announcedLate.length },
    mttr: {
      ...mttrFigures,
      open: openFaults.length,
      openOverTarget: openFaults.filter((fault) => fault.overTarget).length,
      censored: censored.length,
    },
    jobUptime: { ...uptimeFigures, jobs: jobs.length, open: openInterruptions.length },
    rollouts: { ...rollouts, blocked: rollouts.blocked.length },
    nfz: nfz.length,
    dataQuality,
  };
}
