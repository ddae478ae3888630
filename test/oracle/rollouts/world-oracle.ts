/** What facts leave of nodes, jobs, zones and rollouts, told plainly from decisions.md and rules.md, a question at a time. */
import type { Data, Told, Where } from "./told.ts";

/** Facts up to (`by`) or before an instant, in their order. */
export function upTo(facts: readonly Told[], instant: number): Told[] {
  return facts.filter(({ at }) => at <= instant);
}

export function before(facts: readonly Told[], instant: number): Told[] {
  return facts.filter(({ at }) => at < instant);
}

export function namesOf(
  facts: readonly Told[],
  member: "rollout" | "nfz" | "node" | "job",
): string[] {
  const names = facts
    .filter(({ type }) => type.toLowerCase().startsWith(member))
    .flatMap(({ data }) => data[member] ?? []);
  return [...new Set(names)].sort();
}

function about(
  facts: readonly Told[],
  member: "nfz" | "node" | "job" | "rollout",
  name: string,
): Told[] {
  return facts.filter(
    ({ type, data }) => type.toLowerCase().startsWith(member) && data[member] === name,
  );
}

export function membership(facts: readonly Told[], node: string): Data | null {
  const last = about(facts, "node", node)
    .filter(({ type }) => type === "NodeCommissioned" || type === "NodeDecommissioned")
    .at(-1);
  return last?.type === "NodeCommissioned" ? last.data : null;
}

export function members(facts: readonly Told[]): string[] {
  return namesOf(facts, "node").filter((node) => membership(facts, node) !== null);
}

/** Only what is known of a node since it became a member. */
export function isDown(facts: readonly Told[], node: string): boolean {
  return openOf(facts, node, "NodeFailed", "NodeReturned", (a, b) =>
    (b.faultIds ?? []).includes(a.faultId ?? ""),
  );
}

export function isInService(facts: readonly Told[], node: string): boolean {
  if (membership(facts, node) === null || isDown(facts, node)) return false;
  return !openOf(
    facts,
    node,
    "NodeMaintenanceStarted",
    "NodeMaintenanceEnded",
    (a, b) => a.maintenanceId === b.maintenanceId,
  );
}

function openOf(
  facts: readonly Told[],
  node: string,
  begins: string,
  ends: string,
  isEnd: (begun: Data, ended: Data) => boolean,
): boolean {
  const own = about(facts, "node", node);
  return own.some(
    (begun) =>
      begun.type === begins &&
      !own.some(
        (ended) => ended.type === ends && ended.at > begun.at && isEnd(begun.data, ended.data),
      ),
  );
}

/** The nodes that a place stands for; `null` is the whole cluster. */
export function nodesAt(facts: readonly Told[], where: Where | undefined): string[] | null {
  if (where === undefined) return null;
  const { nodes, racks, skus } = where;
  if (racks === undefined && skus === undefined) return nodes === undefined ? null : [...nodes];
  return members(facts).filter((node) => {
    const { rack, sku } = membership(facts, node) ?? {};
    return (
      (nodes === undefined || nodes.includes(node)) &&
      (racks === undefined || racks.includes(rack ?? "")) &&
      (skus === undefined || skus.includes(sku ?? ""))
    );
  });
}

interface Span {
  from: number;
  to: number;
  named: boolean;
}

export interface Zone {
  readonly nfz: string;
  readonly data: Data;
  readonly declaredAt: number;
  readonly spans: readonly Span[];
  readonly resolvedUntil: number | null;
}

/** An NFZ as the facts leave it; `null` if nobody has declared it. */
export function zoneOf(facts: readonly Told[], nfz: string): Zone | null {
  let declared: Told | null = null;
  let spans: Span[] = [];
  let resolvedUntil: number | null = null;
  let isCancelled = false;
  const listed = (data: Data): Span[] =>
    (data.occurrences ?? []).map(({ from, to }) => ({
      from: Date.parse(from),
      to: Date.parse(to),
      named: false,
    }));
  const msOf = (text: string | undefined) => (text === undefined ? null : Date.parse(text));
  for (const { type, at, data } of about(facts, "nfz", nfz).map((each) => each)) {
    const fact = { type, at, data };
    if (fact.type === "NfzDeclared") {
      if (declared !== null) continue;
      declared = { ...fact, id: "", sequence: 0 };
      spans = listed(data);
      resolvedUntil = msOf(data.resolvedUntil);
    } else if (declared === null) continue;
    else if (type === "NfzResolved" && !isCancelled) {
      const after = Date.parse(data.after ?? "");
      spans = spans.filter(({ from, named }) => from < after || named);
      const has = new Set(spans.map(({ from }) => from));
      spans.push(...listed(data).filter(({ from }) => !has.has(from)));
      resolvedUntil = msOf(data.resolvedUntil);
    } else if (type === "NfzExtended" || type === "NfzShortened") {
      const from = Date.parse(data.occurrence ?? "");
      spans = spans.map((span) =>
        span.from === from ? { from, to: Date.parse(data.to ?? ""), named: true } : span,
      );
    } else if (type === "NfzLifted" || type === "NfzCancelled") {
      const isCancel = type === "NfzCancelled";
      const isRunning = (span: Span) => span.from <= at && at < span.to;
      const fits =
        spans.some(isRunning) ||
        (isCancel && (resolvedUntil !== null || spans.some(({ from }) => from > at)));
      if (!fits) continue;
      spans = spans
        .filter(({ from }) => !isCancel || from <= at)
        .map((span) => (isRunning(span) ? { ...span, to: at } : span));
      if (isCancel) [isCancelled, resolvedUntil] = [true, null];
    }
  }
  if (declared === null) return null;
  return { nfz, data: declared.data, declaredAt: declared.at, spans, resolvedUntil };
}

export function zones(facts: readonly Told[]): Zone[] {
  return namesOf(facts, "nfz").flatMap((nfz) => zoneOf(facts, nfz) ?? []);
}

export function isInForce({ spans }: Zone, instant: number): boolean {
  return spans.some(({ from, to }) => from <= instant && instant < to);
}

/** The first instant from one on at which none of the zones is in force: only ends can be such instants. */
export function firstFree(list: readonly Zone[], instant: number): number {
  const ends = list.flatMap(({ spans }) => spans.map(({ to }) => to)).filter((to) => to > instant);
  const free = [instant, ...ends]
    .sort((a, b) => a - b)
    .find((each) => !list.some((zone) => isInForce(zone, each)));
  if (free === undefined) throw new Error("a zone without end");
  return free;
}

export function matches(facts: readonly Told[], zone: Zone, targets: Where | undefined): boolean {
  const [scope, wanted] = [nodesAt(facts, zone.data.scope), nodesAt(facts, targets)];
  if (scope === null || wanted === null || wanted.length === 0) return true;
  return scope.some((node) => wanted.includes(node));
}

/** The nodes of a job that runs; `null` if it does not. */
export function runningOn(facts: readonly Told[], job: string): readonly string[] | null {
  let state = "none";
  let nodes: readonly string[] = [];
  let later: readonly string[] | null = null;
  for (const { type, data } of about(facts, "job", job)) {
    if (type === "JobStarted" && state === "none") [state, nodes] = ["running", data.nodes ?? []];
    else if (type === "JobNodesChanged" && state === "running") nodes = data.nodes ?? [];
    else if (type === "JobNodesChanged" && state === "interrupted") later = data.nodes ?? [];
    else if (type === "JobInterrupted" && state === "running")
      [state, later] = ["interrupted", null];
    else if (type === "JobResumed" && state === "interrupted") {
      nodes = data.nodes ?? later ?? nodes;
      state = "running";
    } else if (type === "JobFinished" && state !== "none") state = "none";
  }
  return state === "running" ? nodes : null;
}
