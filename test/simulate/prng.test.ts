import { describe, expect, it } from "vitest";
import { Random } from "../../src/simulate/setting/prng.ts";

describe("the simulator's chance", () => {
  it("is the same for a seed and label, and another for another", () => {
    const draw = (seed: number, label: string) => {
      const random = new Random(seed).fork(label);
      return Array.from({ length: 8 }, () => random.uint32());
    };
    expect(draw(1, "a")).toEqual(draw(1, "a"));
    const others = [draw(1, "b"), draw(2, "a"), draw(-1, "a"), draw(1 + 2 ** 32, "a")];
    for (const other of others) expect(other).not.toEqual(draw(1, "a"));
  });

  it("forks the same stream whatever was drawn before", () => {
    const random = new Random(9);
    const before = random.fork("jobs").uint32();
    random.float();
    expect(random.fork("jobs").uint32()).toBe(before);
  });

  it("is even over a range and has the mean that is asked for", () => {
    const random = new Random(42, "even");
    const counts = Array.from({ length: 10 }, () => 0);
    let total = 0;
    for (let i = 0; i < 20_000; i++) {
      const place = random.between(0, 9);
      counts[place] = (counts[place] ?? 0) + 1;
      total += random.exponential(100);
    }
    // Five standard deviations about 2,000 and about the mean of 100.
    for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(213);
    expect(Math.abs(total / 20_000 - 100)).toBeLessThan(3.6);
  });

  it("makes UUIDs of version 4", () => {
    const random = new Random(3);
    const ids = Array.from({ length: 1_000 }, () => random.uuid());
    expect(new Set(ids).size).toBe(1_000);
    for (const id of ids) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it("samples in the order of the list, never more than there is", () => {
    const list = [1, 2, 3, 4, 5, 6, 7, 8];
    const random = new Random(5);
    for (let count = 0; count <= 10; count++) {
      const sample = random.sample(list, count);
      expect(sample).toHaveLength(Math.min(count, list.length));
      expect(sample).toEqual(sample.toSorted((a, b) => a - b));
    }
  });
});
