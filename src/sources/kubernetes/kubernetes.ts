/**
 * Kubernetes: a Node, a list of them, or lines of a watch. A condition is a series, and its transition times say when:
 * `resourceVersion` orders nothing here.
 */
import { nameError, namedNode } from "../config/node-name.ts";
import type { SourceOf } from "../config/sources-file.ts";
import { Seen, isRecord, notOfForm } from "../reconcile/seen.ts";
import { seeConditions } from "./conditions.ts";
import { seeCordon } from "./cordon.ts";
import { seeMembership } from "./membership.ts";
import type { NodeObject } from "./node-object.ts";

type Source = SourceOf<"kubernetes">;
type Json = Readonly<Record<string, unknown>>;

interface Circumstances {
  readonly nowMs: number;
}

/** Throws `invalid-request` for what is no Node, list of Nodes or watch of them. */
export function seeNodes(source: Source, body: unknown, { nowMs }: Circumstances): Seen {
  const seen = new Seen(source.name, nowMs);
  for (const { object, path, change } of objectsIn(body)) {
    if (object === null) {
      seen.total++;
      seen.refuse(path, "is no Node");
      continue;
    }
    if (change === "BOOKMARK") continue;
    if (change === "ERROR") {
      seen.total++;
      seen.refuse(path, "is an error of the watch: list the nodes again");
      continue;
    }
    seeNode(source, seen, { object, path, change }, nowMs);
  }
  return seen;
}

interface Told {
  /** `null`: something else in a list of Nodes. */
  readonly object: Json | null;
  readonly path: string;
  /** How it changed, in a watch; empty where it is only listed. */
  readonly change: string;
}

function objectsIn(body: unknown): Told[] {
  if (Array.isArray(body)) return body.flatMap((line, i) => lineOf(line, `/${i}`));
  if (isRecord(body) && "object" in body) return lineOf(body, "");
  if (!isRecord(body)) throw notOfForm(form);
  const { kind, items } = body;
  if ((kind === "NodeList" || kind === "List") && Array.isArray(items)) {
    const told = items.map((object: unknown, i) => ({
      object: isNode(object, kind === "NodeList") ? object : null,
      path: `/items/${i}`,
      change: "",
    }));
    if (told.length > 0 && told.every(({ object }) => object === null)) throw notOfForm(form);
    return told;
  }
  return [{ object: nodeIn(body), path: "", change: "" }];
}

const form = "a Node, a list of Nodes or lines of a watch of them";

function lineOf(line: unknown, path: string): Told[] {
  if (!isRecord(line) || typeof line["type"] !== "string" || !isRecord(line["object"]))
    throw notOfForm(form);
  const { type, object } = line;
  const isChange = type !== "BOOKMARK" && type !== "ERROR";
  return [{ object: isChange ? nodeIn(object) : object, path, change: type }];
}

function nodeIn(object: unknown): Json {
  if (isNode(object, false)) return object;
  throw notOfForm(form);
}

/** Items of a NodeList need not say what they are. */
function isNode(object: unknown, isListed: boolean): object is Json {
  return (
    isRecord(object) && (object["kind"] === "Node" || (isListed && object["kind"] === undefined))
  );
}

function seeNode(
  source: Source,
  seen: Seen,
  { object, path, change }: Told & { readonly object: Json },
  nowMs: number,
): void {
  const place = namedNode(source, object);
  const error = nameError(place);
  if (error !== null) {
    seen.total++;
    seen.refuse(path, error);
    return;
  }
  const node: NodeObject = { object, path, ...place };
  if (source.membership) seeMembership(source, seen, node, change, nowMs);
  // What a deleted node last said of itself is no look at it.
  if (change === "DELETED") return;
  seeConditions(source, seen, node);
  seeCordon(source, seen, node, nowMs);
}
