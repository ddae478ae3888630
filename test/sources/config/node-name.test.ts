import { expect, test } from "vitest";
import { namedNode } from "../../../src/sources/config/node-name.ts";
import { readSources } from "../../../src/sources/config/sources-file.ts";

const [source] = readSources({
  sources: [
    {
      name: "am",
      kind: "alertmanager",
      cluster: "c1",
      node: "{labels.instance}",
      stripPort: true,
      nodes: { "10.0.0.7": "gpu0007", "2001:db8::8": "gpu0008" },
      rules: [],
    },
  ],
}).sources;

test.each([
  ["gpu0001:9400", "gpu0001"],
  ["gpu0001", "gpu0001"],
  ["10.0.0.7:9400", "gpu0007"],
  ["[2001:db8::1]:9400", "2001:db8::1"],
  ["[2001:db8::8]", "gpu0008"],
  ["2001:db8::8", "gpu0008"],
])("without its port, %s is %s", (instance, node) => {
  if (source === undefined || !("stripPort" in source)) throw new Error("no source");
  expect(namedNode(source, { labels: { instance } }).node).toBe(node);
});
