/** Declares a no-fly zone: what a declaration must state, and what is recorded in each of its clusters. */
import { formatInstant, instantMs } from "../../../projections/time/instant.ts";
import type { ZoneTable } from "../../../projections/time/zone-table.ts";
import type { Place } from "../../../projections/nodes/places.ts";
import type { NfzStatus } from "../../../projections/nfz/timeline.ts";
import { LedgerError } from "../../errors.ts";
import type { InputError } from "../../errors.ts";
import { canonicalJson } from "../../events/canonical/canonical.ts";
import type { DataOf } from "../../events/catalogue.ts";
import { type Refusal, draft } from "../command/drafts.ts";
import { type DeclaredRecurrence, readRecurrence } from "../recurrence/recurrence.ts";
import { type Resolution, declaredData } from "../recurrence/resolution.ts";
import { type Declaration, resolveDeclaration } from "../recurrence/resolve-declaration.ts";
import type { OneOff } from "../recurrence/resolve-one-offs.ts";
import { reservedWords } from "../command/reserved-words.ts";
import { type NfzDecision, appendIn, refusedIn } from "./cluster-outcomes.ts";

export interface DeclareBody {
  readonly nfz: string;
  /** Names, or `all` for the clusters that are known at the instant of the decision and that the caller may see. */
  readonly clusters: readonly string[] | "all";
  readonly scope?: Place | undefined;
  readonly inFlight: DataOf<"NfzDeclared">["inFlight"];
  readonly noFastPath?: boolean | undefined;
  /** Either occurrences or a recurrence. */
  readonly occurrences?: readonly OneOff[] | undefined;
  readonly recurrence?: DeclaredRecurrence | undefined;
}

/** Throws what is wrong with the form of a declaration, besides what its schema checks. */
export function assertDeclarable(body: DeclareBody, zones: ZoneTable): void {
  const errors: InputError[] = [];
  if (reservedWords.has(body.nfz)) {
    const message = `must not be ${body.nfz}, which is a word of the interface's own addresses`;
    errors.push({ path: "/nfz", message });
  }
  if (body.clusters.length === 0) {
    errors.push({ path: "/clusters", message: 'must name a cluster, or be "all"' });
  }
  for (const [kind, list] of Object.entries(body.scope ?? {})) {
    if (Array.isArray(list) && list.length === 0) {
      const message = "must name something; leave it out for the whole cluster";
      errors.push({ path: `/scope/${kind}`, message });
    }
  }
  if ((body.occurrences === undefined) === (body.recurrence === undefined)) {
    const message = "must be given, or recurrence, and not both";
    errors.push({ path: "/occurrences", message });
  }
  if (errors.length > 0) {
    const detail = errors.map(({ path, message }) => `${path} ${message}`).join("; ");
    throw new LedgerError("invalid-request", detail, { errors });
  }
  if (body.recurrence === undefined) return;
  const recurrence = readRecurrence(body.recurrence, zones);
  if (recurrence instanceof LedgerError) throw recurrence;
}

interface Declaring {
  readonly body: DeclareBody;
  /** The clusters that it is declared for, by name. */
  readonly clusters: readonly string[];
  /** The status of the NFZ in each cluster that declares it and that the caller may see. */
  readonly seen: ReadonlyMap<string, NfzStatus>;
  /** Whether any cluster declares it, including clusters that the caller may not see. */
  readonly isAnywhere: boolean;
  readonly zones: ZoneTable;
  /** The instant of the decision. */
  readonly at: number;
}

export interface DeclareDecision extends NfzDecision {
  /** The resolution of the declaration; `null` if it was not needed or was refused. */
  readonly resolution: Resolution | null;
}

export function decideDeclare(declaring: Declaring): DeclareDecision {
  const { body, clusters, zones, at } = declaring;
  const existing = existsAlready(declaring);
  if (existing !== null) return { ...refusedIn(clusters, existing), resolution: null };
  const resolution = resolveDeclaration(declarationOf(body), at, zones);
  if (resolution.kind === "refused") {
    const { because, message: detail } = resolution;
    const refusal: Refusal = { code: "window-refused", detail, extra: { because } };
    return { ...refusedIn(clusters, refusal), resolution: null };
  }
  const drafts = clusters.map((cluster) =>
    draft("NfzDeclared", declarationData(body, cluster, resolution)),
  );
  return { ...appendIn(drafts, at), resolution };
}

function declarationOf({ occurrences, recurrence }: DeclareBody): Declaration {
  if (recurrence !== undefined) return { recurrence };
  return { occurrences: occurrences ?? [] };
}

function declarationData(
  { nfz, scope, inFlight, recurrence, noFastPath }: DeclareBody,
  cluster: string,
  resolution: Resolution,
): DataOf<"NfzDeclared"> {
  const data = {
    nfz,
    cluster,
    ...(scope === undefined ? {} : { scope }),
    inFlight,
    ...(recurrence === undefined ? {} : { recurrence }),
    ...(noFastPath === undefined ? {} : { noFastPath }),
    ...declaredData(resolution),
  };
  // The arrays belong to the body, which nobody changes.
  return data as DataOf<"NfzDeclared">;
}

/** Why the id cannot be declared for these clusters; `null` if it can. */
function existsAlready({ body, clusters, seen, isAnywhere, at }: Declaring): Refusal | null {
  const { nfz } = body;
  const refusal = (detail: string): Refusal => ({ code: "nfz-exists", detail, extra: {} });
  const before = clusters.filter((cluster) => seen.has(cluster));
  if (before.length > 0) return refusal(`${nfz} is declared already for ${before.join(", ")}`);
  if (!isAnywhere) return null;
  if (seen.size === 0) return refusal(`${nfz} is the id of another no-fly zone`);
  for (const [cluster, { declaration }] of seen) {
    const other = declaration === null ? [] : differences(body, declaration.data, at);
    if (other.length > 0) {
      const members = other.join(" and ");
      return refusal(
        `${nfz} is declared for ${cluster} with other ${members}: clusters are added to it with the same ones`,
      );
    }
  }
  return null;
}

/** The members in which a declaration differs from an earlier one. */
function differences(body: DeclareBody, stated: DataOf<"NfzDeclared">, at: number): string[] {
  const isRule = body.recurrence !== undefined || stated.recurrence !== undefined;
  const members: readonly (readonly [string, unknown, unknown])[] = [
    isRule
      ? ["recurrence", body.recurrence, stated.recurrence]
      : ["occurrences", listed(body.occurrences ?? [], at), listed(stated.occurrences, at)],
    ["scope", scopeOf(body.scope), scopeOf(stated.scope)],
    ["inFlight", body.inFlight, stated.inFlight],
    ["noFastPath", body.noFastPath ?? false, stated.noFastPath ?? false],
  ];
  return members.filter(([, a, b]) => textOf(a) !== textOf(b)).map(([name]) => name);
}

/** A scope of no kind is the whole cluster. */
function scopeOf(scope: Place | undefined): Place | undefined {
  return scope === undefined || Object.keys(scope).length === 0 ? undefined : scope;
}

function listed(occurrences: readonly OneOff[], at: number): string[] {
  return occurrences
    .map(({ from, to }) => {
      const begin = from === undefined ? at : instantMs(from);
      return `${formatInstant(begin)}/${formatInstant(instantMs(to))}`;
    })
    .sort();
}

function textOf(value: unknown): string {
  return value === undefined ? "" : canonicalJson(value);
}
