/**
 * A cluster by the plain fold, every entity from its first fact, in passes: an entity is folded whole, what of it
 * touches the windows of the pass is kept, and the rest is let go.
 */
import { inputsOf, type SlaRequest } from "../../../projections/document/entry/inputs.ts";
import type { ZoneTable } from "../../../projections/time/zone-table.ts";
import { viewWith } from "../../read-model/live/view-with.ts";
import { foldPlainly, plainClusterView } from "../../../projections/plain-view.ts";
import { forKinds, kindNames } from "../../../projections/kinds.ts";
import type { KindName, TimelineOf } from "../../../projections/kinds.ts";
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import type { ClusterView } from "../../../projections/view.ts";
import type { ClusterFacts } from "./facts-by-entity.ts";
import { partOfTimeline } from "./part-of-timeline.ts";

/** Where the view stands. */
interface Position {
  readonly cluster: string;
  readonly sequence: number;
  readonly headRecordedAt: number | null;
}

/** About: an element of a timeline's lists, with its texts; its place in a list; a timeline without them. */
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
    this.#facts = facts;
    this.#maxHeldBytes = maxHeldBytes;
    this.known = own.known || kindNames.some((kind) => facts.names(kind).length > 0);
  }

  /** Each is folded when it is asked for, and not kept. */
  *entities<K extends KindName>(kind: K): Generator<TimelineOf[K]> {
    for (const name of this.#facts.names(kind))
      yield foldPlainly(kind, name, this.#facts.factsOf(kind, name));
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

  /** Of a window that is not held, all entities are folded now. */
  within(window: Interval): ClusterView {
    if (!this.holds(window)) this.holdAtOnce([window]);
    const held = this.#held.find((each) => isSame(each.window, window));
    const { cluster, sequence, headRecordedAt, zoneTable, known, registrations, policies } = this;
    return {
      cluster,
      sequence,
      headRecordedAt,
      zoneTable,
      known,
      registrations,
      policies,
      // Under a kind stand timelines of that kind.
      entities: <K extends KindName>(kind: K) => (held?.lists[kind] ?? []) as TimelineOf[K][],
      names: (kind) => this.names(kind),
      firstFactAt: (kind) => this.firstFactAt(kind),
      entity: (kind, name) => this.entity(kind, name),
      within: (other) => this.within(other),
    };
  }

  holds(window: Interval): boolean {
    return this.#held.some((each) => isSame(each.window, window));
  }

  /**
   * Folds all entities, one with each `next`, and keeps of each what touches the windows; of these at least the first,
   * and as many of the others as fit. What was held before is let go. `onFolded` is told of each entity, whole.
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
          // Windows share what touches both.
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

/** Members of the lists of a timeline. */
function elementsOf(timeline: object): number {
  let elements = 0;
  for (const each of Object.values(timeline)) if (Array.isArray(each)) elements += each.length;
  return elements;
}

/** The window that the figures of a period ask a view for; `null` if there are none: why, the document's own figures tell. */
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
