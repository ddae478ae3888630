import { describe, expect, test } from "vitest";
import { metricsOfClusters } from "../../../src/sinks/metrics/metrics-of-clusters.ts";
import { keyedApp } from "../../access/keyed-app.ts";
import { history } from "../../http/app/small-app.ts";

const text = `# HELP a Of clusters.
# TYPE a gauge
a{cluster="alpha",state="up"} 1
a{state="cluster=\\"alpha\\"",cluster="beta"} 2
# HELP b Of the ledger.
# TYPE b counter
b 3
b{source="cluster=alpha"} 4
# HELP c Of another.
# TYPE c gauge
c{cluster="beta"} 5
`;

describe("the metrics of some clusters", () => {
  test("are the samples with their label, each with its head", () => {
    expect(metricsOfClusters(text, (cluster) => cluster === "alpha")).toBe(
      '# HELP a Of clusters.\n# TYPE a gauge\na{cluster="alpha",state="up"} 1\n',
    );
    expect(metricsOfClusters(text, (cluster) => cluster === "beta").split("\n")).toHaveLength(7);
    expect(metricsOfClusters(text, () => false)).toBe("");
  });

  test("know a name by what it is, however it is written", () => {
    const quoted = 'a{cluster="q\\"\\\\"} 1';
    expect(metricsOfClusters(quoted, (cluster) => cluster === 'q"\\')).toBe(`${quoted}\n`);
  });
});

test("a key of the role metrics that is for some clusters is told of no other, and not of the ledger", async () => {
  await using keyed = await keyedApp(history);
  const some = await keyed.issue({ name: "tenant", roles: ["metrics"], clusters: ["alpha"] });
  const none = await keyed.issue({ name: "other", roles: ["metrics"], clusters: ["beta-*"] });
  const all = await keyed.issue({ name: "prometheus", roles: ["metrics"] });
  const samples = async (secret: string) => {
    const { body } = await keyed.ask(secret, "/metrics");
    return body.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  };
  const own = await samples(some.secret);
  expect(own.length).toBeGreaterThan(5);
  expect(own.filter((line) => !line.includes('cluster="alpha"'))).toEqual([]);
  expect(await samples(none.secret)).toEqual([]);
  expect((await samples(all.secret)).length).toBeGreaterThan(own.length);
});
