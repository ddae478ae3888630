/**
 * Sources over HTTP: alerts, one a request over 64 connections and a hundred a request; and a list of ten thousand nodes
 * as `kubectl get nodes -o json` prints it, with the server's memory before and after. The server is a process of its own.
 */
import { Agent, request } from "node:http";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { serveLedger } from "./served-ledger.ts";
import { formatTable } from "./table.ts";
import type { BenchRow } from "./table.ts";

const connections = 64;
const configuration = {
  sources: [
    {
      name: "am",
      kind: "alertmanager",
      cluster: "alpha",
      node: "{labels.instance}",
      rules: [{ match: {} }],
    },
    { name: "k8s", kind: "kubernetes", cluster: "alpha", node: "{metadata.name}" },
  ],
};

function post(agent: Agent, url: string, body: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const sending = request(url, { method: "POST", headers, agent }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => (text += part));
      answer.on("end", () => {
        if (answer.statusCode === 200) resolve(text);
        else reject(new Error(`${answer.statusCode}: ${text.slice(0, 500)}`));
      });
    });
    sending.on("error", reject);
    sending.end(body);
  });
}

const firstInstant = Date.UTC(2026, 0, 1);
const alert = (i: number) => ({
  status: "firing",
  labels: { alertname: "GpuXid", instance: `gpu-${i % 1_200}`, gpu: String(i) },
  annotations: { summary: "a GPU has fallen off the bus" },
  startsAt: new Date(firstInstant + i * 1_000).toISOString(),
  endsAt: "0001-01-01T00:00:00Z",
  fingerprint: i.toString(16).padStart(16, "0"),
});
const group = (from: number, count: number) =>
  JSON.stringify({
    version: "4",
    groupKey: "g",
    truncatedAlerts: 0,
    alerts: Array.from({ length: count }, (_, i) => alert(from + i)),
  });

/** Alerts a second. */
async function alerts(url: string, from: number, total: number, each: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const bodies = Array.from({ length: total / each }, (_, i) => group(from + i * each, each));
  const begin = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (next < bodies.length) await post(agent, `${url}/v1/sources/am`, bodies[next++] ?? "");
    }),
  );
  const rate = (total * 1_000) / (performance.now() - begin);
  agent.destroy();
  return rate;
}

/** A node with fifty images, as a kubelet reports it: about 25 KB as kubectl prints it. */
function nodeList(count: number): Buffer {
  const images = Array.from({ length: 50 }, (_, i) => ({
    names: [`registry.example/team/image-${i}@sha256:${"0123456789abcdef".repeat(4)}`],
    sizeBytes: 1_000_000 * i,
  }));
  const condition = (type: string, status: string, i: number) => ({
    type,
    status,
    lastHeartbeatTime: "2026-01-02T00:00:00Z",
    lastTransitionTime: new Date(firstInstant + i * 1_000).toISOString().replace(".000", ""),
    reason: `Kubelet${type}`,
    message: "kubelet is posting its status",
  });
  const items = Array.from({ length: count }, (_, i) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: `gpu-${i}`,
      labels: Object.fromEntries(
        Array.from({ length: 40 }, (__, k) => [`example.com/label-${k}`, `value-${k}`]),
      ),
    },
    spec: { providerID: `azure:///${i}` },
    status: {
      conditions: [
        condition("MemoryPressure", "False", i),
        condition("DiskPressure", "False", i),
        condition("Ready", i % 10 === 0 ? "False" : "True", i),
      ],
      images,
    },
  }));
  return Buffer.from(JSON.stringify({ apiVersion: "v1", items, kind: "List" }, null, 4));
}

export async function benchSources({ seconds = 10 } = {}): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-bench-sources-"));
  const file = join(folder, "sources.json");
  writeFileSync(file, JSON.stringify(configuration));
  const served = await serveLedger(join(folder, "ledger.sqlite"), ["--sources", file]);
  const rows: BenchRow[] = [];
  try {
    const { url } = served;
    await alerts(url, 0, 2_000, 1);
    const single = await alerts(url, 10_000, 1_000 * seconds, 1);
    const together = await alerts(url, 1_000_000, 3_000 * seconds, 100);
    rows.push(
      row("one alert a request", single, "alerts/s", {
        of: "1,000",
        value: single / 1_000,
        aim: 1,
      }),
    );
    rows.push(row("a hundred alerts a request", together, "alerts/s"));
    const body = nodeList(10_000);
    const agent = new Agent({ keepAlive: true });
    const before = await served.liveHeap();
    await served.watchTurns();
    const begin = performance.now();
    const answer = await post(agent, `${url}/v1/sources/k8s`, body);
    const took = (performance.now() - begin) / 1_000;
    const latest = await served.latestTurnMs();
    const after = await served.liveHeap();
    agent.destroy();
    process.stdout.write(`${answer.slice(0, 200)}\n`);
    rows.push(row("a list of 10,000 nodes, its size", body.length / 2 ** 20, "MB"));
    rows.push(row("  taken in", took * 1_000, "ms"));
    rows.push(row("  latest turn of the event loop meanwhile", latest, "ms"));
    const grown = (after.residentBytes - before.residentBytes) / 2 ** 20;
    rows.push(row("  resident memory more afterwards", grown, "MB"));
  } finally {
    await served.stop();
    rmSync(folder, { recursive: true });
  }
  return formatTable("", rows);
}

function row(name: string, perSecond: number, unit: string, ratio?: BenchRow["ratio"]): BenchRow {
  return { name, perSecond, unit, ...(ratio === undefined ? {} : { ratio }) };
}

if (import.meta.main) process.stdout.write(`${await benchSources()}\n`);
