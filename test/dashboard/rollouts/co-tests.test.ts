/** Co-tests and the release plan on the page of rollouts: what is said is true of what is drawn. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SmallApp } from "../../http/app/small-app.ts";
import { panelOf } from "../page-text.ts";
import { appWith, textOf } from "./told.ts";

const update = (component: string) => ({ component, version: "2" });
const submitted = (rollout: string, components: readonly string[]) =>
  [
    "2026-04-02T00:00:00Z",
    "RolloutSubmitted",
    {
      rollout,
      cluster: "alpha",
      updates: components.map(update),
      impact: { kind: "impactful", secondsPerNode: 60 },
      urgency: "routine",
    },
  ] as const;
const passed = (components: readonly string[]) =>
  [
    "2026-04-03T00:00:00Z",
    "CoTestPassed",
    { coTest: components.join("-"), updates: components.map(update) },
  ] as const;

/** One pair passed, one was never tested; a-whole has all updates of c-part, so that these are no pair. */
const history = [
  ["2026-03-01T00:00:00Z", "ClusterRegistered", { cluster: "alpha" }],
  ["2026-03-01T00:00:00Z", "NodeCommissioned", { cluster: "alpha", node: "n1" }],
  submitted("a-whole", ["bios", "nic"]),
  submitted("b-driver", ["driver"]),
  submitted("c-part", ["nic"]),
  passed(["driver", "nic"]),
] as const;

describe("the page of rollouts", () => {
  let small: SmallApp;
  let page = "";
  beforeAll(async () => {
    small = await appWith(history);
    page = (await small.app.inject("/rollouts")).body;
  });
  afterAll(() => small.app.close());

  const panel = (id: string) => textOf(panelOf(page, id));

  it("says which share of the pairs passed, and counts what it covers in words of one and many", () => {
    expect(panel("co-tests")).toContain(
      "50.0 % passed together: 1 passed, 0 failed, 1 never tested, 0 conflicting.",
    );
    expect(panel("co-tests")).toContain(
      "1 co-test of at most 4 rollouts covers 1 untested pair; at least 1 is needed.",
    );
    expect(panel("co-tests")).toContain("a-whole, b-driver 1 pair");
  });

  it("explains an empty cell of the matrix for those, too, that share a node and are no pair", () => {
    expect(panel("co-tests")).toContain(
      "no pair: they share no node, or one has all updates of the other",
    );
  });

  it("lists what the plan leaves out one by one", () => {
    expect(panel("plan")).toContain(
      "Left out: a-whole (no node may go out of service), b-driver (no node may go out of service), c-part",
    );
  });
});
