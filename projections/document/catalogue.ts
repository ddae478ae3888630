/**
 * The catalogue of the document's fields, in the order of the document. Everything that describes a field comes from
 * here: the types, the API's schemas, the text, HTML and CSV reports, and docs/glossary.md. To add a figure, write it
 * in `projections/figures/` and add an entry with the version of the definitions that introduces it.
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
import type { DefinitionsVersion } from "./entry/definitions.ts";
import { definitionsVersions } from "./entry/definitions.ts";
import type { Entry } from "./entry/entry.ts";
import type { ValuesOf } from "./entry/field.ts";
import { fieldAt, isIn } from "./entry/since.ts";

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

/** The SLA document: instants as text, sums in milliseconds, ratios from 0 to 1. */
export type SlaDocument = ValuesOf<{ readonly [K in MemberName]: Catalogue[K]["field"] }>;

const versions = new Map<string, ReadonlyMap<MemberName, Entry>>(
  definitionsVersions.map((version) => [version, entriesAt(version)]),
);

/** The members of a document made by a version of the definitions, in order, without any newer field. */
export function catalogueAt(version: string): ReadonlyMap<MemberName, Entry> {
  const known = versions.get(version);
  if (known === undefined) throw new TypeError(`unknown definitions "${version}"`);
  return known;
}

function entriesAt(version: DefinitionsVersion): ReadonlyMap<MemberName, Entry> {
  const all = Object.entries(catalogue) as [MemberName, Entry][];
  const members = all.filter(([, { field }]) => isIn(version, field.since));
  return new Map(
    members.map(([name, { field, figure }]) => [name, { field: fieldAt(field, version), figure }]),
  );
}

/** Members that say what a document is about; they are shown in its heading, not in a section. */
export const headMembers: ReadonlySet<string> = new Set<MemberName>([
  "definitions",
  "tzdata",
  "cluster",
  "asOf",
  "period",
]);
