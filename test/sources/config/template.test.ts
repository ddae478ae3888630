import { describe, expect, test } from "vitest";
import { fillTemplate, templateError } from "../../../src/sources/config/template.ts";

const observed = {
  labels: { instance: "gpu0001:9400", "kubernetes.io/hostname": "n7", n: 3, up: false },
  list: ["x"],
};

describe("a template", () => {
  test.each([
    ["{labels.instance}", "gpu0001:9400"],
    ["n-{labels.n}-{labels.up}", "n-3-false"],
    ["{labels.kubernetes\\.io/hostname}", "n7"],
    ["{labels.rack|none}", "none"],
    ["{labels.rack}", ""],
    ["{labels}{list}", ""],
    ["{labels.constructor|own members only}", "own members only"],
    ["alpha", "alpha"],
  ])("%j gives %j", (template, text) => {
    expect(fillTemplate(template, observed)).toBe(text);
  });

  test.each(["{labels.instance", "labels}", "{}", "{{a}}"])("%j is refused", (template) => {
    expect(templateError(template)).toMatch(/each \{ closed by a \}/);
  });
});
