/** What goes by a name, or by the beginning or a part of one: clusters, nodes, jobs, rollouts, no-fly zones, and events by id. */
import type { KindName } from "../../../projections/kinds.ts";
import { kindNames } from "../../../projections/kinds.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import { maxHits, newestIdsSearched } from "../../limits/requests.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Steps } from "../../turns.ts";
import { stepsInTurns } from "../../turns.ts";
import { compareNames } from "./rows.ts";
import { pathSegment } from "../../path-segment.ts";

export const hitKinds = ["cluster", ...kindNames, "event"] as const;
type HitKind = (typeof hitKinds)[number];

interface Hit {
  readonly kind: HitKind;
  /** Of an event, its id. */
  readonly name: string;
  readonly cluster: string | null;
  /** Of its page. */
  readonly href: string;
  readonly event: { readonly type: string; readonly sequence: number } | null;
}

/** How well a name fits, the best first. */
const fits = ["whole", "beginning", "part"] as const;
type Fit = (typeof fits)[number];
type Found = Record<Fit, Hit[]>;

const namesPerStep = 2_000;

/**
 * At most `maxHits`: those whose whole name is asked for, then those that begin with it, then those that contain it; of these
 * the first of each kind, then the second of each. Upper and lower case are the same.
 */
export async function found(ledger: Ledger, asked: string, sequence: number): Promise<Hit[]> {
  const text = asked.toLowerCase();
  const byKind = await stepsInTurns(namedHits(ledger, text, sequence));
  const events = await eventsOf(ledger, text, sequence);
  for (const event of events) {
    const fit = event.id === text || text.startsWith("#") ? "whole" : "beginning";
    byKind.event[fit].push(eventHit(event));
  }
  return fits
    .flatMap((fit) => alternating(hitKinds.map((kind) => byKind[kind][fit])))
    .slice(0, maxHits);
}

function alternating(lists: readonly (readonly Hit[])[]): Hit[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list[i] ?? [])).flat();
}

function* namedHits(ledger: Ledger, text: string, sequence: number): Steps<Record<HitKind, Found>> {
  const all: Found[] = [];
  for (const cluster of ledger.clusters(sequence)) {
    const own = nothing();
    noteFit(own, { kind: "cluster", cluster, name: cluster }, text);
    all.push(own);
    for (const kind of kindNames) {
      const ofKind = nothing();
      all.push(ofKind);
      for (const [i, name] of ledger.view(cluster, sequence).names(kind).entries()) {
        noteFit(ofKind, { kind, cluster, name }, text);
        if (i % namesPerStep === 0) yield;
      }
    }
  }
  const of = (kind: HitKind, fit: Fit) =>
    all
      .flatMap((each) => each[fit])
      .filter((hit) => hit.kind === kind)
      .sort((a, b) => compareNames(a.name, b.name));
  return Object.fromEntries(
    hitKinds.map((kind) => [
      kind,
      { whole: of(kind, "whole"), beginning: of(kind, "beginning"), part: of(kind, "part") },
    ]),
  ) as Record<HitKind, Found>;
}

function nothing(): Found {
  return { whole: [], beginning: [], part: [] };
}

type Named = Pick<Hit, "name"> & { readonly kind: KindName | "cluster"; readonly cluster: string };

/** Adds the name if it fits and there is room: names come in order, so that later ones would not be shown. */
function noteFit(into: Found, named: Named, text: string): void {
  const { name } = named;
  const at = name.toLowerCase().indexOf(text);
  if (at < 0) return;
  const fit = at > 0 ? "part" : name.length === text.length ? "whole" : "beginning";
  if (into[fit].length < maxHits) into[fit].push({ ...named, href: pageOf(named), event: null });
}

function pageOf({ kind, cluster, name }: Named): string {
  const [ofCluster, named] = [pathSegment(cluster), pathSegment(name)];
  if (kind === "cluster") return `/clusters/${ofCluster}`;
  if (kind === "node" || kind === "job") return `/clusters/${ofCluster}/${kind}s/${named}`;
  return `/${kind === "rollout" ? "rollouts" : kind}/${ofCluster}/${named}`;
}

function eventHit({ id, type, sequence, data }: StoredEvent): Hit {
  const cluster = "cluster" in data ? (data.cluster ?? null) : null;
  return { kind: "event", name: id, cluster, href: `/events/${id}`, event: { type, sequence } };
}

const leastIdCharacters = 8;
const wholeIdCharacters = 36;

/** The event at `#sequence`, the one with a whole id, or the newest of which the id begins so. */
async function eventsOf(ledger: Ledger, text: string, sequence: number): Promise<StoredEvent[]> {
  const { store } = ledger;
  const number = /^#(\d{1,16})$/.exec(text.replaceAll(",", ""))?.[1];
  if (number !== undefined) {
    const asked = Number(number);
    const event = asked >= 1 && asked <= sequence ? await store.readAt(asked) : null;
    return event === null ? [] : [event];
  }
  if (!/^[0-9a-f-]+$/.test(text) || text.length < leastIdCharacters) return [];
  if (text.length < wholeIdCharacters) {
    const ids = await stepsInTurns(newestIds(ledger, text, sequence));
    return [...(await store.findByIds(ids))];
  }
  const event = await store.findById(text);
  return event === null || event.sequence > sequence ? [] : [event];
}

function* newestIds(ledger: Ledger, text: string, sequence: number): Steps<string[]> {
  const ids: string[] = [];
  const last = Math.max(0, sequence - newestIdsSearched);
  for (let each = sequence; each > last && ids.length < maxHits; each--) {
    const id = ledger.idOf(each);
    if (id.startsWith(text)) ids.push(id);
    if (each % namesPerStep === 0) yield;
  }
  return ids;
}
