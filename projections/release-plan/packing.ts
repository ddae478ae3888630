/** Puts rollouts into waves: fewest stops first, then fewest waves. */
import { type PlanGround, type Planned, Wave } from "./wave.ts";

export interface Packed {
  readonly waves: readonly Wave[];
  readonly stops: number;
}

/** How often a rollout is moved to another wave, at most. */
const maxMoves = 100;

/** How many rollouts are looked at between two pauses. */
const perPause = 16;

/**
 * Each rollout, in the given order, goes to the admissible wave in which it adds fewest stops, or to a new one if that adds
 * fewer; then the first whose move betters the plan moves to where it betters most, again and again. Each rollout must be
 * admissible by itself.
 */
export function* packed(
  rollouts: readonly Planned[],
  ground: PlanGround,
): Generator<undefined, Packed> {
  const packing = new Packing(ground);
  for (const [i, rollout] of rollouts.entries()) {
    packing.place(rollout);
    if (i % perPause === 0) yield;
  }
  for (let moves = 0; moves < maxMoves; moves++) {
    let hasMoved = false;
    for (const [i, rollout] of rollouts.entries()) {
      hasMoved = packing.move(rollout);
      if (hasMoved) break;
      if (i % perPause === 0) yield;
    }
    if (!hasMoved) break;
  }
  return { waves: packing.waves, stops: packing.waves.reduce((sum, { stops }) => sum + stops, 0) };
}

class Packing {
  readonly #ground: PlanGround;
  readonly #empty: Wave;
  readonly waves: Wave[] = [];
  readonly #waveOf = new Map<Planned, Wave>();
  /** The changes so far, and when each wave changed last. */
  #changes = 0;
  readonly #changedAt = new Map<Wave, number>();
  /** When it was last found that no move of a rollout betters the plan. */
  readonly #settledAt = new Map<Planned, number>();

  constructor(ground: PlanGround) {
    this.#ground = ground;
    this.#empty = new Wave(ground);
  }

  place(rollout: Planned): void {
    let [best, fewest]: [Wave | null, number] = [null, Infinity];
    for (const wave of this.waves) {
      if (!wave.admits(rollout)) continue;
      const added = wave.addedBy(rollout, fewest);
      if (added < fewest) [best, fewest] = [wave, added];
      // It adds nothing anywhere.
      if (rollout.costMs === 0) break;
    }
    if (best === null || this.#empty.addedBy(rollout, fewest) < fewest) {
      best = new Wave(this.#ground);
      this.waves.push(best);
    }
    this.#add(rollout, best);
  }

  /** Moves the rollout where it betters the plan most; whether it does anywhere. */
  move(rollout: Planned): boolean {
    const from = this.#waveOf.get(rollout);
    if (from === undefined) throw new RangeError("a rollout in no wave");
    const settledAt = this.#settledAt.get(rollout) ?? -1;
    const isNew = (wave: Wave) => (this.#changedAt.get(wave) ?? 0) > settledAt;
    const isLast = from.members.size === 1;
    // What takes nothing out of service stops nothing: a move betters only if it empties the wave.
    const better = rollout.costMs === 0 && !isLast ? null : this.#better(rollout, from, isNew);
    if (better === null) {
      this.#settledAt.set(rollout, this.#changes);
      return false;
    }
    from.remove(rollout);
    this.#changes++;
    this.#changedAt.set(from, this.#changes);
    if (isLast) this.waves.splice(this.waves.indexOf(from), 1);
    this.#add(rollout, better);
    return true;
  }

  #better(rollout: Planned, from: Wave, isNew: (wave: Wave) => boolean): Wave | null {
    const mustLookAtAll = isNew(from);
    const isLast = from.members.size === 1;
    let [best, fewest]: [Wave | null, number | null] = [null, null];
    for (const wave of this.waves) {
      if (wave === from || (!mustLookAtAll && !isNew(wave)) || !wave.admits(rollout)) continue;
      // Asked only if there is somewhere to go.
      fewest ??= from.stops - from.stopsWithout(rollout) + (isLast ? 1 : 0);
      const added = wave.addedBy(rollout, fewest);
      if (added < fewest) [best, fewest] = [wave, added];
    }
    return best;
  }

  #add(rollout: Planned, wave: Wave): void {
    wave.add(rollout);
    this.#waveOf.set(rollout, wave);
    this.#changes++;
    this.#changedAt.set(wave, this.#changes);
  }
}
