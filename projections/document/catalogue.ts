/**
 * The catalogue of the document's fields, in the order of the document. Whatever describes a field comes from here: the
 * types, the schemas of the API, the text, HTML and CSV reports, and docs/glossary.md. To add a figure, write it
 * in `projections/figures/` and give it an entry.
 */
import { dataQuality, evidence } from "./sections/data-quality.ts";
import { mtbf } from "./sections/mtbf.ts";
import { mttr } from "./sections/mttr.ts";
import {
  asOf,
  cluster,
  definitions,
  period,
  policy,
  policyChanges,
  tzdata,
} from "./sections/head.ts";
import { jobUptime } from "./sections/job-uptime.ts";
import { nis } from "./sections/nis.ts";
import { nfz, rollouts } from "./sections/rollouts.ts";
import type { ValueOf } from "./entry/field.ts";

export const catalogue = {
  definitions,
  tzdata,
  cluster,
  asOf,
  period,
  policy,
  policyChanges,
  nis,
  mttr,
  mtbf,
  jobUptime,
  rollouts,
  nfz,
  dataQuality,
  evidence,
};

type Catalogue = typeof catalogue;

export type MemberName = keyof Catalogue;

/** The SLA document: instants in text, sums in milliseconds, ratios from 0 to 1. */
export type SlaDocument = {
  readonly [K in MemberName]: ValueOf<Catalogue[K]["field"]>;
};

/** Members that say what a document is about: they stand in its heading, not in a section. */
export const headMembers: ReadonlySet<string> = new Set<MemberName>([
  "definitions",
  "tzdata",
  "cluster",
  "asOf",
  "period",
]);
