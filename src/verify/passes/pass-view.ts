/**
 * A cluster by the plain fold, each entity from its first fact, in passes: each pass folds every entity whole and keeps
 * only the part that touches the windows of the pass.
 */
import { inputsOf, type SlaRequest } from "../../../projections/document/entry/inputs.ts";
import type { ZoneTable } from "../../../projections/time/zone-table.ts";
import { viewWith } from "../../../projections/view-with.ts";
import { foldPlainly, plainClusterView } from "../../../projections/plain-view.ts";
import { forKinds, kindNames } from "../../../projections/kinds.ts";
import type { KindName, TimelineOf } from "../../../projections/kinds.ts";
import { faultEndOf } from "../../../projections/nodes/faults.ts";
import type { NodeTimeline } from "../../../projections/nodes/timeline.ts";
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import type { ClusterView } from "../../../projections/view.ts";
import type { ClusterFacts } from "./facts-by-entity.ts";
import { partOfTimeline } from "./part-of-timeline.ts";

/** The position of the view. */
interface Position {
  readonly cluster: string;
  readonly sequence: number;
  readonly headRecordedAt: number | null;
}

/** Estimated bytes: an element of a timeline's lists with its texts; its reference in a list; a timeline without elements. */
const bytesOfElement = 150;
const bytesOfPlace = 8;
const bytesOfPart = 512;

type OnFolded = (kind: KindName, timeline: object) => void;

type Lists = Record<KindName, unknown[]>;

/** What is kept for one window. */
interface Held {
  readonly window: Interval;
  readonly lists: Lists;
}

export class PassView implements ClusterView {
  readonly cluster: string;
  readonly sequence: number;
  readonly headRecordedAt: number | null;
  readonly zoneTable: string | null;
  readonly known: boolean;
  readonly registrations: ClusterView["registrations"];
  readonly policies: ClusterView["policies"];
  readonly rolloutPolicies: ClusterView["rolloutPolicies"];
  readonly coTests: ClusterView["coTests"];
  readonly #facts: ClusterFacts;
  readonly #maxHeldBytes: number;
  #held: readonly Held[] = [];

  constructor(
    facts: ClusterFacts,
    { cluster, sequence, headRecordedAt }: Position,
    maxHeldBytes: number,
  ) {
    const own = plainClusterView(facts.own, cluster, sequence, headRecordedAt);
    this.cluster = cluster;
    this.sequence = sequence;
    this.headRecordedAt = headRecordedAt;
    this.zoneTable = own.zoneTable;
    this.registrations = own.registrations;
    this.policies = own.policies;
    this.rolloutPolicies = own.rolloutPolicies;
    this.coTests = own.coTests;
    this.#facts = facts;
    this.#maxHeldBytes = maxHeldBytes;
    this.known = own.known || kindNames.some((kind) => facts.names(kind).length > 0);
  }

  /** Folds each entity when it is asked for, and keeps none. */
  *entities<K extends KindName>(kind: K): Generator<TimelineOf[K]> {
    for (const name of this.#facts.names(kind))
      yield foldPlainly(kind, name, this.#facts.factsOf(kind, name));
  }

  nodesAsIntegers(): null {
    return null;
  }

  names(kind: KindName): readonly string[] {
    return this.#facts.names(kind);
  }

  firstFactAt(kind: KindName): number {
    let first = Infinity;
    for (const name of this.#facts.names(kind))
      for (const { occurredAt } of this.#facts.factsOf(kind, name))
        first = Math.min(first, occurredAt);
    return first;
  }

  entity<K extends KindName>(kind: K, name: string): TimelineOf[K] | null {
    const facts = this.#facts.factsOf(kind, name);
    return facts.length === 0 ? null : foldPlainly(kind, name, facts);
  }

  faultEnd(node: string, faultId: string): number | null {
    return faultEndOf(this.entity("node", node), faultId);
  }

  /** If the window is not held, all entities are folded now. */
  within(window: Interval): ClusterView {
    if (!this.holds(window)) this.holdAtOnce([window]);
    const held = this.#held.find((each) => isSame(each.window, window));
    const { cluster, sequence, headRecordedAt, zoneTable, known } = this;
    const { registrations, policies, rolloutPolicies, coTests } = this;
    /** Folded whole, so that they tell of every fault how it ended. */
    let near: Map<string, NodeTimeline> | null = null;
    return {
      cluster,
      sequence,
      headRecordedAt,
      zoneTable,
      known,
      registrations,
      policies,
      rolloutPolicies,
      coTests,
      // The list under a kind holds timelines of that kind.
      entities: <K extends KindName>(kind: K) => (held?.lists[kind] ?? []) as TimelineOf[K][],
      names: (kind) => this.names(kind),
      firstFactAt: (kind) => this.firstFactAt(kind),
      entity: (kind, name) => this.entity(kind, name),
      faultEnd: (node, faultId) => {
        const nodes = (held?.lists.node ?? []) as NodeTimeline[];
        near ??= new Map(nodes.map((each) => [each.node, each]));
        return faultEndOf(near.get(node), faultId) ?? this.faultEnd(node, faultId);
      },
      nodesAsIntegers: () => null,
      within: (other) => this.within(other),
    };
  }

  holds(window: Interval): boolean {
    return this.#held.some((each) => isSame(each.window, window));
  }

  /**
   * Folds all entities, one with each `next`, and keeps of each the part that touches the windows: at least the first
   * window, and as many of the others as fit into memory. What was held before is dropped. `onFolded` gets each entity whole.
   */
  *hold(windows: readonly Interval[], onFolded: OnFolded = () => undefined): Generator<void> {
    const held = windows.map((window): Held & { bytes: number } => ({
      window,
      lists: forKinds(() => []),
      bytes: 0,
    }));
    this.#held = held;
    let heldBytes = 0;
    for (const kind of kindNames) {
      for (const timeline of this.entities(kind)) {
        onFolded(kind, timeline);
        let counted = 0;
        for (const each of held) {
          const part = partOfTimeline(kind, timeline, each.window);
          if (part === null) continue;
          each.lists[kind].push(part);
          const elements = elementsOf(part);
          // Windows share the elements that touch both.
          const fresh = Math.min(elements, elementsOf(timeline) - counted);
          counted += fresh;
          const bytes = bytesOfPart + bytesOfPlace * elements + bytesOfElement * fresh;
          each.bytes += bytes;
          heldBytes += bytes;
        }
        while (heldBytes > this.#maxHeldBytes && held.length > 1)
          heldBytes -= held.pop()?.bytes ?? 0;
        yield;
      }
    }
  }

  holdAtOnce(windows: readonly Interval[]): void {
    const work = this.hold(windows);
    while (work.next().done !== true) continue;
  }

  letGo(): void {
    this.#held = [];
  }
}

function isSame(a: Interval, b: Interval): boolean {
  return a.from === b.from && a.to === b.to;
}

/** The number of elements in a timeline's lists. */
function elementsOf(timeline: object): number {
  let elements = 0;
  for (const each of Object.values(timeline)) if (Array.isArray(each)) elements += each.length;
  return elements;
}

/** The window that a period's figures read; `null` if there are no figures, and the document then says why. */
export function windowAsked(
  view: ClusterView,
  request: SlaRequest,
  zones: () => ZoneTable,
): Interval | null {
  let asked: Interval | null = null;
  const within = (window: Interval) => {
    asked = window;
    return view;
  };
  try {
    inputsOf(viewWith(view, { within }), request, zones());
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
  return asked;
}
