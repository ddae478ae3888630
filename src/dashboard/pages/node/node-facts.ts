/** What the pages show of one node: its timeline, the jobs on it and the no-fly zones over it, in a window. */
import type { Interval } from "../../../../projections/arithmetic/intervals.ts";
import { intersect, unionSorted } from "../../../../projections/arithmetic/intervals.ts";
import { partNames, parseHostlist } from "../../../../projections/nodes/hostlist.ts";
import { membersAt, placesOf } from "../../../../projections/nodes/places.ts";
import type { NodeState } from "../../../../projections/nodes/packed-segments.ts";
import type { NodeTimeline } from "../../../../projections/nodes/timeline.ts";
import type { InterruptionKind, JobTimeline } from "../../../../projections/jobs/timeline.ts";
import type { NfzTimeline } from "../../../../projections/nfz/timeline.ts";
import type { ClusterView } from "../../../../projections/view.ts";
import { listWindow } from "../../../answers/lists/list-window.ts";
import { nodeStateAt } from "../../../answers/timeline-json.ts";
import { LedgerError } from "../../../errors.ts";
import type { Steps } from "../../../turns.ts";
import type { PageContext } from "../../frame/page.ts";
import { windowOf } from "../../frame/page.ts";

const dayMs = 86_400_000;

/** Days up to the page's instant that a node's page shows where its address names no window. */
export const usualDays = 90;

export interface JobOnNode {
  readonly job: string;
  /** Times at which it held the node and ran, was interrupted, or was paused. */
  readonly pieces: readonly (Interval & {
    readonly state: "running" | "paused" | InterruptionKind;
  })[];
}

export interface ZoneOverNode extends Interval {
  readonly nfz: string;
  readonly zone: NfzTimeline;
}

export interface NodeFacts {
  readonly cluster: string;
  readonly node: string;
  readonly timeline: NodeTimeline;
  readonly window: Interval;
  /** The page's instant, and the node's state at it; `null` if it is not a member then. */
  readonly at: number;
  readonly state: NodeState | null;
  readonly rack: string | null;
  readonly sku: string | null;
  readonly jobs: readonly JobOnNode[];
  readonly zones: readonly ZoneOverNode[];
}

/** Throws `not-found` for a node that no fact at the position is about. `window` is the page's unless given. */
export async function nodeFacts(
  context: PageContext,
  cluster: string,
  node: string,
  window?: Interval,
): Promise<NodeFacts> {
  const { stand, query } = context;
  const at = stand.at ?? 0;
  const asked = windowOf(query);
  const key = `node ${node} ${JSON.stringify(window ?? asked)}`;
  const facts = await context.once(key, cluster, (view) => {
    const usual = { from: at - usualDays * dayMs, to: at };
    const isAsked = asked.period !== undefined || asked.from !== undefined;
    return factSteps(view, node, window ?? (isAsked ? listWindow(view, asked, at) : usual), at);
  });
  if (facts === null) {
    const detail = `Cluster "${cluster}" has no node "${node}" at this position.`;
    throw new LedgerError("not-found", detail);
  }
  return facts;
}

function* factSteps(
  view: ClusterView,
  node: string,
  { from, to }: Interval,
  at: number,
): Steps<NodeFacts | null> {
  yield;
  const timeline = view.entity("node", node);
  if (timeline === null) return null;
  const window = { from, to };
  const member =
    timeline.memberships.find((each) => each.from <= at && at < each.to) ??
    timeline.memberships.at(-1);
  return {
    cluster: view.cluster,
    node,
    timeline,
    window,
    at,
    state: nodeStateAt(timeline, at),
    rack: member?.rack ?? null,
    sku: member?.sku ?? null,
    jobs: yield* jobSteps(view, node, window),
    zones: zonesOver(view, timeline, window),
  };
}

const jobsPerStep = 50;

function* jobSteps(view: ClusterView, node: string, window: Interval): Steps<JobOnNode[]> {
  const found: JobOnNode[] = [];
  let seen = 0;
  for (const job of view.within(window).entities("job")) {
    if (++seen % jobsPerStep === 0) yield;
    const pieces = piecesOn(job, node).filter(
      ({ from, to }) => from < window.to && to > window.from,
    );
    if (pieces.length > 0) found.push({ job: job.job, pieces });
  }
  return found;
}

function piecesOn(job: JobTimeline, node: string): JobOnNode["pieces"] {
  const held = unionSorted(
    job.holds.flatMap(({ from, nodes }, i) => {
      const to = job.holds[i + 1]?.from ?? Infinity;
      return names(nodes, node) ? [{ from, to }] : [];
    }),
  );
  if (held.length === 0) return [];
  const within = (state: JobOnNode["pieces"][number]["state"], pieces: readonly Interval[]) =>
    intersect(pieces, held).map((piece) => ({ ...piece, state }));
  return [
    ...within("running", job.running),
    ...within("paused", job.paused),
    ...job.interruptions.flatMap((each) => within(each.kind, [each])),
  ].sort((a, b) => a.from - b.from);
}

function names(lists: readonly string[], node: string): boolean {
  return lists.some((list) => {
    if (list === node) return true;
    // A list of several nodes has brackets or commas; most jobs name each node by itself.
    return /[[,]/.test(list) && (parseHostlist(list) ?? []).some((part) => partNames(part, node));
  });
}

/** Occurrences that freeze the node, by start. */
function zonesOver(view: ClusterView, timeline: NodeTimeline, window: Interval): ZoneOverNode[] {
  const zones = [...view.entities("nfz")].flatMap((zone) =>
    zone.occurrences
      .filter(({ from, to }) => from < to && from < window.to && to > window.from)
      .filter(({ from }) => {
        const members = membersAt(
          [timeline],
          Math.max(from, timeline.memberships[0]?.from ?? from),
        );
        const places = placesOf(zone.declaration?.data.scope, members);
        return places === null || places.has(timeline.node);
      })
      .map(({ from, to }) => ({ nfz: zone.nfz, from, to, zone })),
  );
  return zones.sort((a, b) => a.from - b.from);
}
