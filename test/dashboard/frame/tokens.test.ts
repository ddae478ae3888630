/** The colours of the pages can be read and told apart, in both themes, whatever colours a reader sees. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { contrast, distance, parseHex, sights } from "./colours.ts";
import type { Rgb } from "./colours.ts";

const source = readFileSync(
  new URL("../../../src/dashboard/styles/1-tokens.css", import.meta.url),
  "utf8",
);
const themes = ["light", "dark"] as const;

function tokens(theme: (typeof themes)[number]): (name: string) => Rgb {
  const pairs = source.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);/g);
  const values = new Map(
    Array.from(pairs, ([, name = "", light = "", dark = ""]) => [
      name,
      theme === "light" ? light : dark,
    ]),
  );
  return (name) => parseHex(values.get(name) ?? `no token ${name}`);
}

describe.each(themes)("in the %s theme", (theme) => {
  const of = tokens(theme);
  const grounds = ["paper", "ground", "well", "raised"];

  test.each([
    ["ink", theme === "light" ? 17.9 : 15.4],
    ["ink-2", 7],
    ["ink-3", 4.5],
  ])("text in %s has a contrast of at least %d on paper", (name, least) => {
    expect(contrast(of(name), of("paper"))).toBeGreaterThanOrEqual(least);
  });

  test.each(grounds)("every ink can be read on %s", (ground) => {
    for (const ink of ["ink", "ink-2", "ink-3", "link"]) {
      expect(contrast(of(ink), of(ground)), ink).toBeGreaterThanOrEqual(4.5);
    }
  });

  test.each([
    ["down-ink", "down-soft"],
    ["met-ink", "met-soft"],
    ["warn-ink", "warn-soft"],
    ["nfz-ink", "nfz-soft"],
    ["past", "past-soft"],
    ["paper", "past"],
  ])("the words of a badge, %s on %s, can be read", (ink, ground) => {
    expect(contrast(of(ink), of(ground))).toBeGreaterThanOrEqual(4.5);
  });

  test.each([
    ["down", 3],
    ["maint", 3],
    // It must not look like a failure.
    ["unknown", 2.29],
  ])("the state %s stands out from what is in service by %d to 1", (name, least) => {
    expect(contrast(of(name), of("up"))).toBeGreaterThanOrEqual(least);
  });

  const states = ["up", "unknown", "maint", "down"];

  test.each(Object.entries(sights))("states are told apart with %s sight", (_, sight) => {
    const pairs = states.flatMap((a, i) => states.slice(i + 1).map((b) => [a, b] as const));
    for (const [a, b] of pairs) {
      expect(distance(of(a), of(b), sight), `${a} and ${b}`).toBeGreaterThanOrEqual(11);
    }
  });

  // Their place in the bar says which they are, too.
  test("causes that stand beside each other in a bar are told apart", () => {
    const order = ["fault", "software", "rollout", "maintenance", "unknown", "user"];
    for (const sight of Object.values(sights)) {
      order.slice(1).forEach((cause, i) => {
        const before = order[i] ?? "";
        const apart = distance(of(`c-${cause}`), of(`c-${before}`), sight);
        expect(apart, `${before} and ${cause}`).toBeGreaterThanOrEqual(6.5);
      });
    }
  });
});
