/**
 * What the text of the policy says of co-tests, bundles and plans, done slowly and directly: sets of text instead of numbers
 * and bits, each question answered from the start. It shares no code with the product.
 */

export interface Item {
  readonly name: string;
  /** `component=version`. */
  readonly updates: ReadonlySet<string>;
  readonly nodes: ReadonlySet<string>;
  readonly costMs: number;
}

export interface Result {
  readonly updates: ReadonlySet<string>;
  readonly environment: string;
  readonly hasPassed: boolean;
  readonly at: number;
  readonly id: string;
}

export type Status = "none" | "passed" | "failed" | "never" | "conflict";

const within = (a: ReadonlySet<string>, b: ReadonlySet<string>) => [...a].every((x) => b.has(x));
const same = (a: ReadonlySet<string>, b: ReadonlySet<string>) => within(a, b) && within(b, a);
export const unionOf = (...sets: ReadonlySet<string>[]) => new Set(sets.flatMap((set) => [...set]));
const component = (update: string) => update.split("=")[0] ?? "";

export class Judge {
  readonly passed: ReadonlySet<string>[] = [];
  readonly failed: ReadonlySet<string>[] = [];

  constructor(
    results: readonly Result[],
    now: number,
    environments: readonly string[] | undefined,
    days: number | undefined,
  ) {
    const later = (a: Result, b: Result) => a.at > b.at || (a.at === b.at && a.id > b.id);
    const counted = results.filter(
      ({ environment, at, updates }) =>
        at < now && updates.size > 0 && (environments?.includes(environment) ?? true),
    );
    const last = counted.filter(
      (each) =>
        !counted.some(
          (other) =>
            other.environment === each.environment &&
            same(other.updates, each.updates) &&
            later(other, each),
        ),
    );
    for (const each of last) {
      const isYoung = days === undefined || now - each.at < days * 86_400_000;
      if (each.hasPassed && isYoung) this.passed.push(each.updates);
      const isCleared = last.some(
        (other) =>
          other.hasPassed &&
          other.environment === each.environment &&
          other.updates.size > each.updates.size &&
          within(each.updates, other.updates) &&
          later(other, each),
      );
      if (!each.hasPassed && !isCleared) this.failed.push(each.updates);
    }
  }

  holdsFailed(updates: ReadonlySet<string>): boolean {
    return this.failed.some((set) => within(set, updates));
  }

  hasPassed(updates: ReadonlySet<string>): boolean {
    return !this.holdsFailed(updates) && this.passed.some((set) => within(updates, set));
  }

  status(a: ReadonlySet<string>, b: ReadonlySet<string>): Status {
    if (conflicts(a, b)) return "conflict";
    if (within(a, b) || within(b, a)) return "none";
    const union = unionOf(a, b);
    if (this.holdsFailed(union)) return "failed";
    return this.hasPassed(union) ? "passed" : "never";
  }
}

export function conflicts(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return [...a].some((x) => [...b].some((y) => x !== y && component(x) === component(y)));
}

export function share(a: Item, b: Item): boolean {
  return [...a.nodes].some((node) => b.nodes.has(node));
}

/** Pairs of places, each with its status. */
export function pairsOf(queue: readonly Item[], judge: Judge): [number, number, Status][] {
  return queue.flatMap((a, i) =>
    queue.flatMap((b, j): [number, number, Status][] => {
      if (j <= i || !share(a, b)) return [];
      const status = judge.status(a.updates, b.updates);
      return status === "none" ? [] : [[i, j, status]];
    }),
  );
}

/** The pairs that bundles must cover. */
export function pairsToTest(queue: readonly Item[], judge: Judge): [number, number][] {
  return pairsOf(queue, judge)
    .filter(([i, j, status]) => {
      const union = unionOf(queue[i]?.updates ?? new Set(), queue[j]?.updates ?? new Set());
      return status === "never" && !conflicts(union, union) && !judge.holdsFailed(union);
    })
    .map(([i, j]) => [i, j]);
}

/** Whether rollouts may be tested in one bundle. */
export function mayBeTested(queue: readonly Item[], judge: Judge, members: readonly number[]) {
  const union = unionOf(...members.map((i) => queue[i]?.updates ?? new Set<string>()));
  return !conflicts(union, union) && !judge.holdsFailed(union);
}

/** The greedy choice, as the text has it. */
export function bundlesOf(queue: readonly Item[], judge: Judge, K: number): number[][] {
  const E = pairsToTest(queue, judge);
  let left = [...E];
  const chosen: number[][] = [];
  const inside = (pairs: readonly [number, number][], members: readonly number[]) =>
    pairs.filter(([i, j]) => members.includes(i) && members.includes(j));
  while (left.length > 0) {
    let best: number[] | null = null;
    for (const seed of left.slice(0, 64)) {
      const members = [...seed] as number[];
      for (;;) {
        const joining = queue
          .map((_, i) => i)
          .filter((i) => !members.includes(i) && mayBeTested(queue, judge, [...members, i]))
          .map((i) => ({
            i,
            gain: left.filter(
              ([a, b]) => (a === i && members.includes(b)) || (b === i && members.includes(a)),
            ).length,
            all: left.filter((pair) => pair.includes(i)).length,
          }))
          .filter(({ gain }) => gain > 0)
          .sort((a, b) => b.gain - a.gain || b.all - a.all || a.i - b.i);
        if (members.length < K && joining[0] !== undefined) members.push(joining[0].i);
        else if (members.length + 2 <= K) {
          const pair = left.find(
            ([a, b]) =>
              !members.includes(a) &&
              !members.includes(b) &&
              mayBeTested(queue, judge, [...members, a, b]),
          );
          if (pair === undefined) break;
          members.push(...pair);
        } else break;
      }
      members.sort((a, b) => a - b);
      const covers = inside(left, members).length;
      const most = best === null ? -1 : inside(left, best).length;
      if (covers > most || (covers === most && isLess(members, best ?? []))) best = members;
    }
    if (best === null) throw new Error("no bundle");
    const gone = new Set(inside(left, best).map(String));
    left = left.filter((pair) => !gone.has(String(pair)));
    chosen.push(best);
  }
  for (let i = chosen.length - 1; i >= 0; i--) {
    const others = chosen.filter((_, j) => j !== i);
    const own = inside(E, chosen[i] ?? []);
    if (own.every(([a, b]) => others.some((each) => each.includes(a) && each.includes(b))))
      chosen.splice(i, 1);
  }
  return chosen;
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < Math.min(a.length, b.length); i++)
    if (a[i] !== b[i]) return (a[i] ?? 0) < (b[i] ?? 0);
  return a.length < b.length;
}

/** The nodes in service, with the jobs on each and its rack. */
export interface Node {
  readonly node: string;
  readonly rack: string;
  readonly jobs: readonly string[];
}

/** What taking the wave's nodes out stops, batch by batch. */
export function stopsOf(wave: readonly Item[], inService: readonly Node[], batch: number): number {
  const touched = inService
    .filter(({ node }) => wave.some(({ costMs, nodes }) => costMs > 0 && nodes.has(node)))
    .sort((a, b) => {
      const [x, y] = [[...a.jobs].sort()[0] ?? "", [...b.jobs].sort()[0] ?? ""];
      return x < y
        ? -1
        : x > y
          ? 1
          : a.rack < b.rack
            ? -1
            : a.rack > b.rack
              ? 1
              : a.node < b.node
                ? -1
                : 1;
    });
  let stops = 0;
  for (let i = 0; i < touched.length; i += batch)
    stops += new Set(touched.slice(i, i + batch).flatMap(({ jobs }) => jobs)).size;
  return stops;
}

export function isAdmissible(wave: readonly Item[], judge: Judge): boolean {
  return [...unionOf(...wave.map(({ nodes }) => nodes))].every((node) => {
    const here = wave.filter(({ nodes }) => nodes.has(node));
    const isTested = here.every((a, i) =>
      here.every(
        (b, j) => j <= i || ["passed", "none"].includes(judge.status(a.updates, b.updates)),
      ),
    );
    return isTested && !judge.holdsFailed(unionOf(...here.map(({ updates }) => updates)));
  });
}
