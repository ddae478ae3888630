/** The plan as the text of the policy makes it, step by step, without anything that is kept or counted ahead. */
import { type Item, type Judge, type Node, isAdmissible, stopsOf } from "./reference.ts";

/** Waves of names; `queue` is in queue order and without what is left out. */
export function plannedWaves(
  queue: readonly Item[],
  judge: Judge,
  inService: readonly Node[],
  batch: number,
): string[][] {
  const stops = (wave: readonly Item[]) =>
    wave.length === 0 ? 0 : stopsOf(wave, inService, batch);
  const total = (waves: readonly (readonly Item[])[]) =>
    waves.reduce((sum, wave) => sum + stops(wave), 0);
  const made = (order: readonly Item[]) => {
    let waves: Item[][] = [];
    for (const rollout of order) {
      let best = { wave: [] as Item[], added: Infinity };
      for (const wave of waves) {
        if (!isAdmissible([...wave, rollout], judge)) continue;
        const added = stops([...wave, rollout]) - stops(wave);
        if (added < best.added) best = { wave, added };
      }
      if (best.added === Infinity || stops([rollout]) < best.added) waves.push([rollout]);
      else best.wave.push(rollout);
    }
    for (let moves = 0; moves < 100; moves++) {
      const [now, count] = [total(waves), waves.length];
      let moved: Item[][] | null = null;
      for (const rollout of order) {
        let best = { stops: now, waves: count };
        for (const [to, wave] of waves.entries()) {
          if (wave.includes(rollout) || !isAdmissible([...wave, rollout], judge)) continue;
          const after = waves
            .map((each, i) =>
              i === to ? [...each, rollout] : each.filter((member) => member !== rollout),
            )
            .filter((each) => each.length > 0);
          const is = { stops: total(after), waves: after.length };
          if (is.stops < best.stops || (is.stops === best.stops && is.waves < best.waves))
            [best, moved] = [is, after];
        }
        if (moved !== null) break;
      }
      if (moved === null) break;
      waves = moved;
    }
    return waves;
  };
  const costly = queue.filter(({ costMs }) => costMs > 0);
  const [first, second] = [
    made(queue),
    made([...costly, ...queue.filter(({ costMs }) => costMs === 0)]),
  ];
  const isBetter =
    total(second) < total(first) ||
    (total(second) === total(first) && second.length < first.length);
  const place = ({ name }: Item) => queue.findIndex((each) => each.name === name);
  return (isBetter ? second : first)
    .map((wave) => wave.toSorted((a, b) => place(a) - place(b)))
    .sort((a, b) => place(a[0] as Item) - place(b[0] as Item))
    .map((wave) => wave.map(({ name }) => name));
}
