/** The fast path of a family: withdrawn after a miss, earned back by those that do as they declare. */
import { describe, expect, test } from "vitest";
import { impactlessMs, haveFastPath } from "../../../projections/impact/families.ts";
import { hour, hourMs } from "../history.ts";
import { Fleets } from "./fleets.ts";

const version = (text: string) => ({ updates: [{ component: "driver", version: text }] });

/** A rollout of version 1 that was called impactless and took a node out for an hour. */
function missed(terms: ConstructorParameters<typeof Fleets>[0] = {}): Fleets {
  const fleet = new Fleets(terms);
  fleet.ran("bad", 20, 22);
  fleet.maintenance("n1", 20, 21, "bad");
  return fleet;
}

describe("a family", () => {
  test("has the fast path at first", () => {
    const fleet = new Fleets();
    fleet.submitted("u", 1);
    expect(fleet.family(2)).toMatchObject({ family: "driver", hasFastPath: true, rollouts: [] });
  });

  test("loses it by a miss, at once, and its version is marked", () => {
    const fleet = missed();
    expect(fleet.family(20).hasFastPath).toBe(true);
    const { hasFastPath, marked, withdrawnBy } = fleet.family(20.5);
    expect(hasFastPath).toBe(false);
    expect(marked).toEqual([{ component: "driver", version: "1", rollout: "bad" }]);
    expect(withdrawnBy?.rollout).toBe("bad");
  });

  test("earns it back by a rollout of another version that did as declared; the marked version never", () => {
    const fleet = missed();
    fleet.ran("good", 40, 41, version("2"));
    expect(fleet.family(50.9).hasFastPath).toBe(false);
    const family = fleet.family(51);
    expect(family.hasFastPath).toBe(true);
    expect(family.passes.map(({ rollout }) => rollout)).toEqual(["good"]);
    expect(haveFastPath([family], version("1").updates)).toBe(false);
    expect(haveFastPath([family], version("3").updates)).toBe(true);
  });

  test.each([
    ["of the marked version", version("1")],
    [
      "declared impactful",
      { ...version("2"), impact: { kind: "impactful", secondsPerNode: 60 } as const },
    ],
  ])("does not earn it back by one %s", (_name, more) => {
    const fleet = missed();
    fleet.ran("other", 40, 41, more);
    expect(fleet.family(100).hasFastPath).toBe(false);
  });

  test("needs as many passes as the policy says, since the last miss", () => {
    const fleet = missed({ fastPathPasses: 2 });
    fleet.ran("good-1", 40, 41, version("2"));
    expect(fleet.family(60).hasFastPath).toBe(false);
    fleet.ran("bad-again", 60, 61, version("3"));
    fleet.maintenance("n2", 60, 61, "bad-again");
    fleet.ran("good-2", 80, 81, version("4"));
    expect(fleet.family(100).hasFastPath).toBe(false);
    fleet.ran("good-3", 110, 111, version("5"));
    expect(fleet.family(130).hasFastPath).toBe(true);
  });

  test("and each pass must have been watched for as many node-days as the policy says", () => {
    // Two nodes for ten hours each: 0.8333… node-days.
    for (const [fastPathNodeDays, hasFastPath] of [
      [0.8333, true],
      [0.8334, false],
    ] as const) {
      const fleet = missed({ fastPathNodeDays });
      fleet.ran("good", 40, 41, version("2"));
      expect(fleet.family(100).hasFastPath).toBe(hasFastPath);
    }
  });

  test("is what an update names, otherwise its component; a miss is one of all its families", () => {
    const fleet = new Fleets();
    const updates = [
      { component: "driver", version: "1", family: "gpu" },
      { component: "kernel", version: "6" },
    ];
    fleet.ran("bad", 20, 22, { updates });
    fleet.maintenance("n1", 20, 21, "bad");
    fleet.submitted("u", 30, { updates: [{ component: "driver", version: "2" }] });
    const families = fleet.families(40).map(({ family, hasFastPath }) => [family, hasFastPath]);
    expect(families).toEqual([
      ["driver", true],
      ["gpu", false],
      ["kernel", false],
    ]);
  });
});

describe("the expected time out of service of a rollout called impactless is", () => {
  const expected = (fleet: Fleets, rollout: string) => {
    const submission = fleet.view().entity("rollout", rollout)?.submission?.data;
    return submission === undefined ? NaN : impactlessMs(submission, fleet.families(100));
  };

  test("nothing, unless its family missed: then the largest mean of those", () => {
    const fleet = missed();
    fleet.submitted("u", 30, version("2"));
    fleet.submitted("v", 30, { updates: [{ component: "other", version: "1" }] });
    // An hour on one of two treated nodes.
    expect(expected(fleet, "u")).toBe(hourMs / 2);
    expect(expected(fleet, "v")).toBe(0);
  });

  test("also where the family has earned it back and only the version is marked", () => {
    const fleet = missed();
    fleet.ran("good", 40, 41, version("2"));
    fleet.submitted("u", 60, version("1"));
    fleet.submitted("v", 60, version("2"));
    expect(fleet.family(100).hasFastPath).toBe(true);
    expect(expected(fleet, "u")).toBe(hourMs / 2);
    expect(expected(fleet, "v")).toBe(0);
  });
});

test("standing is judged at an instant: what happened later changes nothing before", () => {
  const fleet = missed();
  fleet.ran("good", 40, 41, version("2"));
  const standings = [20, 25, 55].map((at) => fleet.family(at).hasFastPath);
  expect(standings).toEqual([true, false, true]);
  expect(fleet.family(25).rollouts.map(({ startedAt }) => startedAt)).toEqual([hour(20)]);
});
