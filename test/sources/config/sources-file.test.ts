import { describe, expect, test } from "vitest";
import { isLedgerError } from "../../../src/errors.ts";
import { namedNode } from "../../../src/sources/config/node-name.ts";
import { readSources } from "../../../src/sources/config/sources-file.ts";
import { sourceOf } from "../payloads/deliveries.ts";

const slurm = {
  name: "slurm",
  kind: "slurm-events",
  cluster: "lab",
  node: "{NodeName}",
  zone: "UTC",
};

function faultsOf(json: unknown): string[] {
  try {
    readSources(json);
  } catch (error) {
    if (isLedgerError(error)) return error.errors.map(({ path, message }) => `${path} ${message}`);
    throw error;
  }
  return [];
}

describe("the configuration of sources", () => {
  test("is taken with what is left out at its default", () => {
    expect(readSources({ sources: [slurm] }).sources).toMatchObject([
      { draining: "in", reasons: [], stripPort: false, timeFormat: "local", observes: false },
    ]);
  });

  test.each([
    [
      { ...slurm, name: "Slurm" },
      '/sources/0/name must be 1 to 32 lower-case letters, digits and hyphens, not "Slurm"',
    ],
    [{ ...slurm, node: "{NodeName" }, /^\/sources\/0\/node must have each \{ closed/],
    [
      { ...slurm, zone: undefined },
      "/sources/0/zone is needed for local times; or set timeFormat to unix",
    ],
    [{ ...slurm, zone: "Mars/North" }, /^\/sources\/0\/zone must be an IANA time zone/],
    [{ ...slurm, nodez: {} }, "/sources/0/nodez is not a field of this type"],
    [
      { ...slurm, observes: true },
      "/sources/0/silentAfterSeconds is needed for a source that observes",
    ],
    [{ ...slurm, kind: "nagios" }, /^\/sources\/0\/kind must be one of alertmanager, .*, csv$/],
    [
      { ...slurm, reasons: [{ match: 5 }] },
      /^\/sources\/0\/reasons\/0\/match must be a text of at most 256 characters, or a list of such texts$/,
    ],
    [
      { ...slurm, reasons: [{ match: "*", as: "outage" }] },
      /^\/sources\/0\/reasons\/0\/as must be one of fault, maintenance/,
    ],
  ])("%j is refused by JSON pointer", (source, fault) => {
    const [first = ""] = faultsOf({ sources: [source] });
    expect(first).toMatch(fault);
  });

  test("is refused if two sources take the same CloudEvents for certain", () => {
    const nvs = (name: string, more: object = {}) => ({
      name,
      kind: "nvsentinel",
      cluster: "c",
      node: "{nodeName}",
      ...more,
    });
    const [a, b] = [{ match: { source: "*//a/*" } }, { match: { source: "*//b/*" } }];
    const health = { name: "h", kind: "azure-resource-health", cluster: "c", node: "{vm}" };
    const read = (...sources: object[]) => readSources({ sources }).sources.length;
    expect(read(nvs("x", a), nvs("y", b), nvs("z"), health)).toBe(4);
    for (const [first, second] of [
      [nvs("x"), nvs("y", { match: {} })],
      [nvs("x", a), nvs("y", a)],
      [health, { ...health, name: "h2" }],
    ])
      expect(() => read(first ?? {}, second ?? {})).toThrow(
        "/sources/1/match takes the same CloudEvents as /sources/0",
      );
  });

  test("is refused if two sources have one name", () => {
    expect(faultsOf({ sources: [slurm, slurm] })).toEqual([
      "/sources/1/name is the name of an earlier source",
    ]);
  });
});

describe("the name of a node", () => {
  const alerts = {
    name: "am",
    kind: "alertmanager",
    cluster: "a",
    node: "{labels.instance}",
    rules: [],
  };

  test("loses its port if the source says so, and is renamed", () => {
    const source = sourceOf({ ...alerts, stripPort: true, nodes: { "10.0.0.7": "gpu0007" } });
    if (!("stripPort" in source)) throw new Error("a source without nodes");
    const nameOf = (instance: string) => namedNode(source, { labels: { instance } }).node;
    expect(["10.0.0.7:9400", "gpu1:9400", "gpu1"].map(nameOf)).toEqual(["gpu0007", "gpu1", "gpu1"]);
  });

  test("keeps its port otherwise", () => {
    const source = sourceOf(alerts);
    if (!("stripPort" in source)) throw new Error("a source without nodes");
    expect(namedNode(source, { labels: { instance: "gpu1:9400" } }).node).toBe("gpu1:9400");
  });

  test("of a scale set is its host name: the number in base 36, six places", () => {
    const source = sourceOf({
      name: "az",
      kind: "azure-scheduled-events",
      cluster: "a",
      node: "{resource}",
      nodeForm: "vmss-hostname",
    });
    if (!("stripPort" in source)) throw new Error("a source without nodes");
    const nameOf = (resource: string) => namedNode(source, { resource }).node;
    expect(["aks-x-vmss_36", "aks-x-vmss_0", "vm-7"].map(nameOf)).toEqual([
      "aks-x-vmss000010",
      "aks-x-vmss000000",
      "vm-7",
    ]);
  });
});
