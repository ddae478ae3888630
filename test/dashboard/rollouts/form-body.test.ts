import { describe, expect, it } from "vitest";
import type { Field } from "../../../src/dashboard/decisions/form.ts";
import { bodyOf, startingValues } from "../../../src/dashboard/islands/decide/body.ts";

const fields: readonly Field[] = [
  { kind: "text", at: "/name", label: "Name" },
  { kind: "names", at: "/scope/nodes", label: "Nodes", value: "n1, gpu[001-003,007] ,n2" },
  { kind: "names", at: "/scope/racks", label: "Racks" },
  { kind: "instant", at: "/until", label: "Until", value: "2026-04-15T13:00:00.000Z" },
  { kind: "hours", at: "/rule/durationMs", label: "Hours", value: "1.5" },
  { kind: "check", at: "/noFastPath", label: "Fast path" },
  { kind: "several", at: "/clusters", label: "Clusters", choices: [], chosen: ["alpha"] },
  {
    kind: "either",
    at: "/impact/kind",
    label: "Impact",
    ways: [
      {
        label: "some",
        value: "impactful",
        fields: [{ kind: "number", at: "/impact/secondsPerNode", label: "Seconds", value: "30" }],
      },
      { label: "none", value: "impactless", fields: [] },
    ],
  },
  {
    kind: "rows",
    at: "/updates",
    label: "Updates",
    add: "Add",
    columns: [{ kind: "text", at: "/component", label: "Component", value: "driver" }],
  },
];

describe("the body of a form", () => {
  const values = startingValues(fields, "");

  it("has each value where its pointer says, and leaves out what is empty", () => {
    expect(bodyOf(fields, values, { cluster: "c" })).toEqual({
      cluster: "c",
      scope: { nodes: ["n1", "gpu[001-003,007]", "n2"] },
      until: "2026-04-15T13:00:00Z",
      rule: { durationMs: 5_400_000 },
      clusters: ["alpha"],
      impact: { kind: "impactful", secondsPerNode: 30 },
      updates: [{ component: "driver" }],
    });
  });

  it("has of several ways only what was chosen", () => {
    const { impact } = bodyOf(fields, { ...values, "either /impact/kind": 1 });
    expect(impact).toEqual({ kind: "impactless" });
  });

  it("keeps the seconds and milliseconds of an instant that has some", () => {
    const exact: Field = {
      kind: "instant",
      at: "/to",
      label: "To",
      value: "2026-04-15T13:00:07.250Z",
    };
    expect(bodyOf([exact], startingValues([exact], ""))).toEqual({
      to: "2026-04-15T13:00:07.250Z",
    });
  });
});
