/**
 * A round trip with the real Alertmanager, where there is one: `prometheus-alertmanager` or `alertmanager` on the PATH, or
 * the program that `ALERTMANAGER` names (Debian: the package prometheus-alertmanager).
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sourcesApp } from "../../http/sources/sources-app.ts";
import { freePort } from "./free-port.ts";

const program = [process.env["ALERTMANAGER"], "prometheus-alertmanager", "alertmanager"].find(
  (each) => each !== undefined && spawnSync(each, ["--version"]).status === 0,
);
if (program === undefined)
  console.warn(
    "skipped: the round trip with Alertmanager: there is none on the PATH, and ALERTMANAGER names none",
  );

/** Runs an Alertmanager that sends to the address; returns its own. */
async function alertmanager(receiver: string) {
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-alertmanager-"));
  const file = join(folder, "alertmanager.yml");
  writeFileSync(
    file,
    `route: {receiver: ledger, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}
receivers:
  - name: ledger
    webhook_configs:
      - {url: "${receiver}", send_resolved: true, max_alerts: 0}
`,
  );
  const port = await freePort();
  const args = [
    `--config.file=${file}`,
    `--storage.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--cluster.listen-address=",
  ];
  const child = spawn(program ?? "", args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (part: Buffer) => (said += part.toString()));
  const exit = once(child, "exit");
  const url = `http://127.0.0.1:${port}`;
  const close = async () => {
    child.kill("SIGTERM");
    await exit;
    rmSync(folder, { recursive: true });
  };
  const state = async () => {
    if (child.exitCode !== null) return `it has ended: ${said.slice(-500)}`;
    const answer = await fetch(`${url}/-/ready`).catch(() => null);
    return answer?.ok === true ? "ready" : "waiting";
  };
  try {
    await expect.poll(state).not.toBe("waiting");
    expect(await state()).toBe("ready");
  } catch (error) {
    await close();
    throw error;
  }
  return { url, [Symbol.asyncDispose]: close };
}

test.skipIf(program === undefined)(
  "an alert that fires and is resolved in Alertmanager is one fault with its start and end",
  async () => {
    const { stdout, stderr } = spawnSync(program ?? "", ["--version"], { encoding: "utf8" });
    console.info(`the round trip is with ${`${stdout}${stderr}`.split("\n")[0]}`);
    await using it = await sourcesApp();
    await it.app.listen({ host: "127.0.0.1", port: 0 });
    const { port } = it.app.server.address() as AddressInfo;
    const ledger = `http://127.0.0.1:${port}/v1/sources/am`;
    await using manager = await alertmanager(ledger);
    // The ledger's clock stands still: the alert is older than it.
    const startsAt = "2026-04-15T10:00:00.500Z";
    const labels = { alertname: "GpuXid", instance: "n1" };
    const post = async (alert: object) => {
      const answer = await fetch(`${manager.url}/api/v2/alerts`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify([alert]),
      });
      expect(answer.status).toBe(200);
    };
    await post({ labels, startsAt, endsAt: "2099-01-01T00:00:00Z" });
    await expect.poll(() => it.told()).toEqual(["NodeFailed n1"]);
    await post({ labels, startsAt, endsAt: "2026-04-15T11:00:00Z" });
    await expect.poll(() => it.told()).toEqual(["NodeFailed n1", "NodeReturned n1"]);
    const { events } = (await it.ask("/v1/events")).json<{ events: { occurredAt: string }[] }>();
    expect(events.map(({ occurredAt }) => occurredAt)).toEqual([
      "2026-04-15T10:00:00.500Z",
      "2026-04-15T11:00:00.000Z",
    ]);
  },
);
