/** The rules and the dashboard that ship with the ledger: they name what is exported, and nothing else. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { fail } from "../webhooks/delivering.ts";
import { servedSinks } from "../served-sinks.ts";

const rulesPath = fileURLToPath(new URL("../../../examples/prometheus/rules.yml", import.meta.url));
const dashboard = readFileSync(
  new URL("../../../examples/grafana/fleetledger.json", import.meta.url),
  "utf8",
);
const rules = readFileSync(rulesPath, "utf8");

interface Exported {
  /** Labels of each metric, by its name. */
  readonly labels: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What an application exports that has a cluster with everything, and a webhook. */
async function exported(): Promise<Exported> {
  await using served = await servedSinks();
  await fail(served.its.ledger, 1);
  await expect.poll(() => served.webhooks.delivering()).toHaveLength(1);
  const { body } = await served.app.inject("/metrics");
  const labels = new Map<string, Set<string>>();
  for (const [, name = ""] of body.matchAll(/^# TYPE (\S+)/gm)) labels.set(name, new Set());
  for (const [, name = "", pairs = ""] of body.matchAll(/^(\w+)\{([^}]*)\}/gm))
    for (const [, label = ""] of pairs.matchAll(/(\w+)="/g)) labels.get(name)?.add(label);
  return { labels };
}

function namesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\bfleetledger_\w+/g)].map(([name]) => name))].sort();
}

describe("the examples for Prometheus and Grafana", () => {
  test("name only metrics that are exported", async () => {
    const { labels } = await exported();
    const named = [...namesIn(rules), ...namesIn(dashboard)];
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !labels.has(name))).toEqual([]);
  });

  test("name every gauge of clusters and every metric of webhooks", async () => {
    const { labels } = await exported();
    const named = new Set([...namesIn(rules), ...namesIn(dashboard)]);
    const of = [...labels.keys()].filter((name) =>
      /^fleetledger_(nis|error_budget|burn|job_|ettr|mttr|crashes|nodes|open_faults|releases|webhook|nfz_in_force)/.test(
        name,
      ),
    );
    expect(of.length).toBeGreaterThan(12);
    expect(of.filter((name) => !named.has(name))).toEqual([]);
  });

  test("select by labels that the metrics have", async () => {
    const { labels } = await exported();
    const selectors = `${rules}\n${dashboard.replaceAll('\\"', '"')}`.matchAll(
      /(fleetledger_\w+)\{([^}]*)\}/g,
    );
    const wrong: string[] = [];
    for (const [, name = "", matchers = ""] of selectors) {
      for (const [, label = ""] of matchers.matchAll(/(\w+)=/g))
        if (labels.get(name)?.size !== 0 && labels.get(name)?.has(label) !== true)
          wrong.push(`${name} ${label}`);
    }
    expect(wrong).toEqual([]);
  });

  test("the dashboard asks for its data source and its cluster, leaves gaps, and links to pages of its window", () => {
    const { templating, panels } = JSON.parse(dashboard) as {
      templating: { list: { name: string; type: string }[] };
      panels: {
        type: string;
        fieldConfig: { defaults: { custom: { spanNulls?: boolean }; links: { url: string }[] } };
      }[];
    };
    expect(templating.list.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "datasource datasource",
      "cluster query",
      "ledger textbox",
    ]);
    const series = panels.filter(({ type }) => type === "timeseries");
    expect(series.length).toBeGreaterThan(8);
    for (const { fieldConfig } of series) expect(fieldConfig.defaults.custom.spanNulls).toBe(false);
    const links = panels.flatMap(({ fieldConfig }) => fieldConfig.defaults.links);
    expect(links.length).toBeGreaterThan(5);
    for (const { url } of links) {
      expect(url).toContain("from=${__from:date:iso}&to=${__to:date:iso}");
    }
  });

  test("have rules that are read as YAML, each with a summary", () => {
    const { groups } = parse(rules) as {
      groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[];
    };
    const all = groups.flatMap((group) => group.rules);
    expect(all.length).toBeGreaterThan(8);
    for (const { annotations } of all) expect(annotations.summary).not.toBe("");
  });

  const promtool = spawnSync("promtool", ["--version"], { encoding: "utf8" });
  const version = /version (\S+)/.exec(`${promtool.stdout}${promtool.stderr}`)?.[1];
  if (version === undefined)
    console.warn("skipped: promtool is not there (Debian: apt-get install prometheus)");

  test.skipIf(version === undefined)(
    `are taken by promtool ${version ?? "(not there: Debian's package prometheus has it)"}`,
    () => {
      const { status, stdout, stderr } = spawnSync("promtool", ["check", "rules", rulesPath], {
        encoding: "utf8",
      });
      expect(`${stdout}${stderr}`).toContain("SUCCESS");
      expect(status).toBe(0);
    },
  );
});
