/**
 * Computes figures of a view without blocking the event loop: first folds what a window needs, entity by entity, in
 * turns, and only then computes the figures from it.
 */
import type { KindName, TimelineOf } from "../../../projections/kinds.ts";
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { maxFoldsAtOnce } from "../../limits/read-model.ts";
import type { Steps } from "../../turns.ts";
import { stepsInTurns, timeInTurn } from "../../turns.ts";
import type { LiveClusterView } from "./live-cluster-view.ts";
import { viewWith } from "../../../projections/view-with.ts";

/** Thrown when figures need entities that are not folded yet; `inTurns` catches it. */
class NotFolded extends Error {
  readonly window: Interval;
  readonly kind: KindName;

  constructor(window: Interval, kind: KindName) {
    super(`entities of kind ${kind} are not folded yet`);
    this.window = window;
    this.kind = kind;
  }
}

/** The entities folded for one answer, by window and kind. */
class FoldedLists {
  readonly #lists = new Map<string, readonly unknown[]>();

  list<K extends KindName>(window: Interval, kind: K): readonly TimelineOf[K][] {
    const known = this.#lists.get(keyOf(window, kind));
    if (known === undefined) throw new NotFolded(window, kind);
    // The list under a kind holds timelines of that kind.
    return known as readonly TimelineOf[K][];
  }

  set(window: Interval, kind: KindName, list: readonly unknown[]): void {
    this.#lists.set(keyOf(window, kind), list);
  }
}

function keyOf({ from, to }: Interval, kind: KindName): string {
  return `${from} ${to} ${kind}`;
}

/** What is folded for one answer stays in memory until the answer is made, so only a few are made at once; the others wait in order. */
export class AnswersInTurns {
  #underWay = 0;
  readonly #waiting: (() => void)[] = [];

  /** What `make` computes from the view. `make` runs again each time it needed entities that were not folded yet. */
  async answer<T>(view: LiveClusterView, make: (view: ClusterView) => Steps<T>): Promise<T> {
    if (this.#underWay < maxFoldsAtOnce) this.#underWay++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      const made = await inTurns(view, make);
      // The caller goes on to work on the answer, such as writing it.
      await timeInTurn();
      return made;
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#underWay--;
      else next();
    }
  }
}

async function inTurns<T>(
  view: LiveClusterView,
  make: (view: ClusterView) => Steps<T>,
): Promise<T> {
  const lists = new FoldedLists();
  const folded = foldedView(view, lists);
  for (;;) {
    try {
      return await stepsInTurns(make(folded));
    } catch (error) {
      if (!(error instanceof NotFolded)) throw error;
      lists.set(error.window, error.kind, await foldList(view, error.window, error.kind));
    }
  }
}

function foldedView(view: ClusterView, lists: FoldedLists): ClusterView {
  const within = (window: Interval): ClusterView =>
    viewWith(view, {
      within,
      entities: (kind) => lists.list(window, kind),
      // Of what is folded already, but for a fault that the window does not see.
      faultEnd: (node, faultId) => view.within(window).faultEnd(node, faultId),
    });
  const nodesAsIntegers = (edges: readonly number[]) => view.nodesAsIntegers(edges);
  return viewWith(view, { within, nodesAsIntegers });
}

async function foldList(
  view: LiveClusterView,
  window: Interval,
  kind: KindName,
): Promise<readonly unknown[]> {
  return await stepsInTurns(view.foldWithin(kind, window));
}
