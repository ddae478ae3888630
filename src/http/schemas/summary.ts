/** A cluster's summary: the sections of the SLA document, with counts in place of the lists that it leaves out. */
import { z } from "zod";
import { catalogue } from "../../../projections/document/catalogue.ts";
import type { Fields } from "../../../projections/document/entry/field.ts";
import { position, wholeCount } from "../../answers/schemas.ts";
import { membersOf } from "./fields.ts";
import { sections } from "./sla.ts";

const countOf = (what: string) => wholeCount.describe(`How many: ${what}.`);

/** A section without some members, and with counts. */
function section(fields: Fields, left: readonly string[], counts: Record<string, string>) {
  const members = Object.entries(membersOf(fields)).filter(([name]) => !left.includes(name));
  const counted = Object.entries(counts).map(([name, what]) => [name, countOf(what)] as const);
  return z.strictObject(Object.fromEntries([...members, ...counted]));
}

const { nis, mttr, jobUptime, rollouts } = catalogue;

export const clusterSummary = z
  .strictObject({
    asOf: position,
    cluster: sections.cluster,
    period: sections.period,
    policy: sections.policy,
    nis: section(nis.field.fields, [], {
      exclusions: "exclusions",
      announcedLate: "intervals of maintenance that were announced too late",
    }),
    mttr: section(mttr.field.fields, ["byCause", "byComponent"], {
      open: "open faults",
      openOverTarget: "open faults older than the target",
      censored: "faults ended by decommissioning",
    }),
    jobUptime: section(jobUptime.field.fields, ["attribution"], {
      jobs: "jobs",
      open: "interruptions that are not resumed",
    }),
    rollouts: section(rollouts.field.fields, [], { blocked: "blocked rollouts" }),
    nfz: countOf("no-fly zones that touch the window"),
    dataQuality: sections.dataQuality,
  })
  .meta({ id: "ClusterSummary" });
