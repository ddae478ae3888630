/** Every configuration that the documentation shows can be pasted as it is. */
import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { previewPayload, standingOfNothing } from "../../../src/sources/intake/take-payload.ts";
import { clock, hasPayloads, payloads } from "../payloads/deliveries.ts";
import { readSources } from "../../../src/sources/config/sources-file.ts";

const folder = new URL("../../../docs/", import.meta.url);
const pages = [
  "sources.md",
  ...readdirSync(new URL("sources/", folder)).map((name) => `sources/${name}`),
];

test.each(pages)("%s shows configurations that are valid", (page) => {
  const text = readFileSync(new URL(page, folder), "utf8");
  const blocks = Array.from(text.matchAll(/```json\n([^]*?)```/g), ([, json = ""]) => json);
  expect(page === "sources/cloudevents.md" || blocks.length > 0).toBe(true);
  for (const json of blocks) expect(() => readSources(JSON.parse(json))).not.toThrow();
});

/** What a page on a source says, in this order; that of Azure says it of each of its two kinds. */
const parts = [
  "**You need**",
  "fleetledger access add ",
  "On your side",
  "```",
  "On ours",
  "```json",
  "**See that it works**",
  "sources check",
  "**What becomes of it.**",
  "**Ignored**",
];

test.each(pages.filter((page) => page !== "sources.md"))("%s has all of its parts", (page) => {
  const text = readFileSync(new URL(page, folder), "utf8").replaceAll(/\s+/g, " ");
  const times = page === "sources/azure.md" ? 2 : 1;
  let at = 0;
  for (const part of Array.from({ length: times }, () => parts).flat()) {
    const found = text.indexOf(part, at);
    expect(found, `${part} after ${at}`).toBeGreaterThanOrEqual(0);
    at = found + part.length;
  }
});

test("alertmanager.md has the heartbeat repeated several times before its source counts as silent", () => {
  const text = readFileSync(new URL("sources/alertmanager.md", folder), "utf8");
  const [, yaml = ""] = /```yaml\n([^]*?)```/.exec(text) ?? [];
  const { route } = parse(yaml) as {
    route: { routes: { matchers: string[]; group_interval: string; repeat_interval: string }[] };
  };
  const heartbeat = route.routes.find(({ matchers }) => matchers.includes('alertname="Watchdog"'));
  // An alert is repeated at the first turn of its group after that time: at the latest, both together.
  const minutes = [heartbeat?.group_interval, heartbeat?.repeat_interval].map((time) =>
    Number(/^(\d+)m$/.exec(time ?? "")?.[1]),
  );
  const [, json = ""] = /```json\n([^]*?)```/.exec(text) ?? [];
  const { silentAfterSeconds = 0 } = readSources(JSON.parse(json)).sources[0] as {
    silentAfterSeconds?: number;
  };
  expect(minutes.reduce((sum, each) => sum + each, 0) * 3 * 60).toBeLessThan(silentAfterSeconds);
});

/** A payload of each kind, as its system sends it. */
const samples: Readonly<Record<string, string>> = {
  alertmanager: "alertmanager/series-a-firing.json",
  "azure-scheduled-events": "azure/freeze-2.json",
  "azure-resource-health": "azure/health-available.json",
  kubernetes: "kubernetes/1-unknown.json",
  nvsentinel: "nvsentinel/1-xid48.json",
  "slurm-jobs": "slurm/jobs.txt",
};
const documented = pages.flatMap((page) => {
  const text = readFileSync(new URL(page, folder), "utf8");
  return Array.from(text.matchAll(/```json\n([^]*?)```/g)).flatMap(([, json = ""]) =>
    readSources(JSON.parse(json)).sources.flatMap((source) => {
      const sample = samples[source.kind];
      return sample === undefined ? [] : [[page, source.name, source, sample] as const];
    }),
  );
});

/** A table as Slurm prints it with `SLURM_TIME_FORMAT=%s`. */
function inSeconds(table: string): string {
  return table.replaceAll(/\d{4}(-\d\d){2}T\d\d(:\d\d){2}/g, (time) =>
    String(Date.parse(`${time}Z`) / 1_000),
  );
}

test.skipIf(!hasPayloads).each(documented)(
  "%s shows a source %s that takes what such a system sends",
  async (_page, _name, source, sample) => {
    const written = readFileSync(`${payloads}${sample}`, "utf8");
    const isUnix = "timeFormat" in source && source.timeFormat === "unix";
    const text = isUnix ? inSeconds(written) : written;
    const body: unknown = sample.endsWith(".json") ? JSON.parse(text) : text;
    const nothing = standingOfNothing(clock.nowMs());
    const { answer } = await previewPayload(nothing, source, body, { actor: "tests" });
    expect(answer.observations).toBeGreaterThan(0);
    expect(answer.refused).toEqual([]);
  },
);
