/** Puts rollouts into waves: fewest stops first, then fewest waves. */
import { at } from "../arithmetic/invariants.ts";
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
  for (let i = 0; i < rollouts.length; i++) {
    packing.place(at(rollouts, i));
    if (i % perPause === 0) yield;
  }
  for (let moves = 0; moves < maxMoves; moves++) {
    let hasMoved = false;
    for (let i = 0; i < rollouts.length; i++) {
      hasMoved = packing.move(at(rollouts, i));
      if (hasMoved) break;
      if (i % perPause === 0) yield;
    }
    if (!hasMoved) break;
  }
  return { waves: packing.waves, stops: packing.waves.reduce((sum, { stops }) => sum + stops, 0) };
}

const noWaves: readonly Wave[] = [];

class Packing {
  readonly #ground: PlanGround;
  readonly #empty: Wave;
  /** In the order in which they were made. */
  readonly waves: Wave[] = [];
  #made = 0;
  /** The wave of each rollout, by its place in the queue. */
  readonly #waveOf: Wave[] = [];
  /** The changes so far, and when each wave changed last, the latest at the end. */
  #changes = 0;
  readonly #changed: { readonly wave: Wave; readonly when: number }[] = [];
  /** When it was last found that no move of a rollout betters the plan, by its place in the queue. */
  readonly #settledAt: number[] = [];

  /** What it saves to take a rollout out of its wave, by its place in the queue; while the wave stays as it is. */
  readonly #savedBy: (number | undefined)[] = [];

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
      best = new Wave(this.#ground, this.#made++);
      this.waves.push(best);
    }
    this.#add(rollout, best);
  }

  /** Moves the rollout where it betters the plan most; whether it does anywhere. */
  move(rollout: Planned): boolean {
    const from = this.#waveOf[rollout.place];
    if (from === undefined) throw new RangeError("a rollout in no wave");
    const isLast = from.members.size === 1;
    // What takes nothing out of service stops nothing: a move betters only if it empties the wave.
    const better = rollout.costMs === 0 && !isLast ? null : this.#better(rollout, from);
    if (better === null) {
      this.#settledAt[rollout.place] = this.#changes;
      return false;
    }
    from.remove(rollout);
    this.#note(from);
    if (isLast) this.#drop(from);
    this.#add(rollout, better);
    return true;
  }

  #better(rollout: Planned, from: Wave): Wave | null {
    const candidates = this.#candidates(rollout, from);
    if (candidates === this.waves) this.#savedBy[rollout.place] = undefined;
    let [best, fewest]: [Wave | null, number | null] = [null, null];
    for (const wave of candidates) {
      if (wave === from || !wave.admits(rollout)) continue;
      // Asked only if there is somewhere to go.
      fewest ??= this.#savedBy[rollout.place] ??= this.#saved(rollout, from);
      const added = wave.addedBy(rollout, fewest);
      if (added < fewest) [best, fewest] = [wave, added];
    }
    return best;
  }

  /** What it saves to take a rollout out of its wave. */
  #saved(rollout: Planned, from: Wave): number {
    return from.stops - from.stopsWithout(rollout) + (from.members.size === 1 ? 1 : 0);
  }

  /** The waves in which something may have changed for the rollout since it was looked at last, in their order. */
  #candidates(rollout: Planned, from: Wave): readonly Wave[] {
    const settledAt = this.#settledAt[rollout.place];
    if (settledAt === undefined) return this.waves;
    if (settledAt === this.#changes) return noWaves;
    const changed: Wave[] = [];
    for (let i = this.#changed.length - 1; i >= 0; i--) {
      const { wave, when } = at(this.#changed, i);
      if (when <= settledAt) break;
      if (wave === from) return this.waves;
      changed.push(wave);
    }
    return changed.sort((a, b) => a.number - b.number);
  }

  #add(rollout: Planned, wave: Wave): void {
    wave.add(rollout);
    this.#waveOf[rollout.place] = wave;
    this.#note(wave);
  }

  #note(wave: Wave): void {
    this.#forget(wave);
    this.#changes++;
    this.#changed.push({ wave, when: this.#changes });
  }

  #drop(wave: Wave): void {
    this.waves.splice(this.waves.indexOf(wave), 1);
    this.#forget(wave);
  }

  #forget(wave: Wave): void {
    const before = this.#changed.findIndex((each) => each.wave === wave);
    if (before >= 0) this.#changed.splice(before, 1);
  }
}
