/** The cluster and the node that an observation is about, by the templates of its source. */
import { isIPv6 } from "node:net";
import { LedgerError } from "../../errors.ts";
import { checkData } from "../../events/check/check.ts";
import type { Source } from "./sources-file.ts";
import { fillTemplate } from "./template.ts";

type NodeSource = Extract<Source, { stripPort: boolean }>;

/** The names as the ledger knows them; empty where what is observed does not say. */
export function namedNode(
  source: NodeSource,
  observed: unknown,
): { readonly cluster: string; readonly node: string } {
  return {
    cluster: fillTemplate(source.cluster, observed),
    node: ownName(source, fillTemplate(source.node, observed)),
  };
}

function ownName(source: NodeSource, told: string): string {
  const stripped = source.stripPort ? withoutPort(told) : told;
  const formed =
    "nodeForm" in source && source.nodeForm === "vmss-hostname" ? vmssHostname(stripped) : stripped;
  return Object.hasOwn(source.nodes, formed) ? (source.nodes[formed] ?? formed) : formed;
}

/** An address of IPv6 stands in brackets before a port, and is full of colons itself. */
function withoutPort(told: string): string {
  const [, bracketed] = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(told) ?? [];
  if (bracketed !== undefined) return bracketed;
  return isIPv6(told) ? told : told.replace(/:\d{1,5}$/, "");
}

/** The host name of a machine in a scale set: its number in base 36, six places. */
function vmssHostname(name: string): string {
  const [, set, number] = /^(.+)_(\d{1,9})$/.exec(name) ?? [];
  if (set === undefined || number === undefined) return name;
  return set + Number(number).toString(36).padStart(6, "0");
}

/** Why the ledger could not know a node by these names, `null` if it could. */
export function nameError({
  cluster,
  node,
}: {
  readonly cluster: string;
  readonly node: string;
}): string | null {
  if (cluster === "") return "names no cluster";
  if (node === "") return "names no node";
  const checked = checkData("NodeDecommissioned", 1, { cluster, node }, "");
  if (!(checked instanceof LedgerError)) return null;
  const [first] = checked.errors;
  return first === undefined ? checked.message : `${first.path} ${first.message}`;
}
