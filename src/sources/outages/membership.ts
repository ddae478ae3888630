/** Registrations of an outage log's clusters, and the memberships of their nodes. */
import { formatInstant } from "../../../projections/time/instant.ts";
import { stableId } from "../../events/fields/stable-id.ts";
import { streamOf } from "../../events/stream.ts";
import type { EventType } from "../../events/catalogue.ts";
import { nameError } from "../config/node-name.ts";
import type { SourceOf } from "../config/sources-file.ts";
import type { Draft } from "../reconcile/drafts.ts";
import type { Seen } from "../reconcile/seen.ts";
import { localInstant, readCellTime } from "./local-time.ts";
import type { TimeForm } from "./local-time.ts";
import type { ClusterMembers } from "./outage-members.ts";
import { type OutageRow, outageRows } from "./outage-rows.ts";
import { clusterOf, nodesOfRow } from "./row-places.ts";

type Source = SourceOf<"csv">;

interface Membership {
  readonly path: string;
  readonly stream: string;
  readonly drafts: readonly Draft[];
}

/** One for each stream, the clusters first. A row whose columns do not say from when its node is a member is noted. */
export function membershipDrafts(
  source: Source,
  text: string,
  members: ReadonlyMap<string, ClusterMembers>,
  form: TimeForm,
  seen: Seen,
): readonly Membership[] {
  const { members: said, name } = source;
  if (said === undefined) return [];
  const nodes: Membership[] = [];
  const told = { path: "/members" };
  const draft = (type: EventType, at: number, data: object): Draft => {
    const occurredAt = formatInstant(at);
    return { id: stableId([name, type, occurredAt, JSON.stringify(data)]), type, occurredAt, data };
  };
  const node = (cluster: string, its: string, from: number, to: number | null): Membership => ({
    ...told,
    stream: streamOf("NodeCommissioned", { cluster, node: its }) ?? "",
    drafts: [
      draft("NodeCommissioned", from, { cluster, node: its }),
      ...(to === null ? [] : [draft("NodeDecommissioned", to, { cluster, node: its })]),
    ],
  });
  const firsts = new Map<string, number>();
  if (typeof said.from === "object" || typeof said.to === "object") {
    for (const each of membersOfColumns(source, text, form, seen)) {
      firsts.set(each.cluster, Math.min(firsts.get(each.cluster) ?? Infinity, each.from));
      nodes.push(node(each.cluster, each.node, each.from, each.to));
    }
  } else {
    const from = localInstant(said.from, form);
    const to = said.to === undefined ? null : localInstant(said.to, form);
    for (const [cluster, its] of members) {
      firsts.set(cluster, from);
      for (const each of its.nodes) nodes.push(node(cluster, each, from, to));
    }
  }
  const type = "ClusterRegistered";
  const clusters = [...firsts].map(([cluster, from]) => ({
    ...told,
    stream: streamOf(type, { cluster }) ?? "",
    drafts: [draft(type, from, { cluster, zone: form.zoneName })],
  }));
  return [...clusters, ...nodes];
}

interface Member {
  readonly cluster: string;
  readonly node: string;
  readonly from: number;
  readonly to: number | null;
}

/** Of a node that several rows name, the first that says from when counts. */
function membersOfColumns(source: Source, text: string, form: TimeForm, seen: Seen): Member[] {
  const found = new Map<string, Member>();
  for (const row of outageRows(text, source)) {
    const cluster = row.error === null ? clusterOf(source, row) : null;
    const nodes = row.error === null ? nodesOfRow(source, row) : null;
    if (cluster === null || !Array.isArray(nodes)) continue;
    const from = readSide(source.members?.from, row, form);
    const to = readSide(source.members?.to, row, form);
    if (typeof from === "string" || typeof to === "string" || from === null) {
      const why = [from, to].find((each) => typeof each === "string") ?? "its column is blank";
      const detail = `from when it is a member is not known: ${why}`;
      seen.notes.push({ path: `/rows/${row.number}`, kind: "no-membership", detail });
      continue;
    }
    for (const node of nodes as readonly string[]) {
      const key = JSON.stringify([cluster, node]);
      const isNew = !found.has(key) && nameError({ cluster, node }) === null;
      if (isNew) found.set(key, { cluster, node, from, to });
    }
  }
  return [...found.values()];
}

function readSide(
  said: string | { readonly column: string } | undefined,
  row: OutageRow,
  form: TimeForm,
): number | null | string {
  if (said === undefined) return null;
  if (typeof said === "string") return localInstant(said, form);
  const text = row.cells.get(said.column) ?? "";
  if (text === "") return null;
  const read = readCellTime(text, form, said.column);
  return "error" in read ? read.error : (read.instants[0] ?? null);
}
