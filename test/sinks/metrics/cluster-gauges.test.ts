import { Registry } from "prom-client";
import { describe, expect, test } from "vitest";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { addClusterGauges } from "../../../src/sinks/metrics/cluster-gauges.ts";
import { appWithHistory, smallApp } from "../../http/app/small-app.ts";
import { anEvent, memoryLedger } from "../../http/app/memory-ledger.ts";

async function samplesOf(registry: Registry): Promise<string[]> {
  return (await registry.metrics()).split("\n").filter((line) => line !== "" && line[0] !== "#");
}

function gaugesOver(ledger: Ledger, elapsedMs?: () => number) {
  const registry = new Registry();
  const failures: unknown[] = [];
  const onFailure = (error: unknown): void => void failures.push(error);
  addClusterGauges(registry, { ledger, elapsedMs, onFailure });
  return { registry, failures };
}

describe("the gauges of a cluster", () => {
  test("are the figures of its running month, as they come out by hand", async () => {
    // Two nodes over 14.5 days of April, one of them down all the time; the month has 60 node-days.
    const { ledger } = await appWithHistory();
    const { registry, failures } = gaugesOver(ledger);
    expect(await samplesOf(registry)).toEqual([
      'fleetledger_nis_ratio{cluster="alpha",form="raw"} 0.5',
      'fleetledger_nis_ratio{cluster="alpha",form="contractual"} 0.5',
      'fleetledger_nis_target_ratio{cluster="alpha"} 0.95',
      `fleetledger_error_budget_spent_ratio{cluster="alpha"} ${(14.5 / 3).toFixed(9)}`,
      'fleetledger_burn_rate{cluster="alpha",window="1h"} 10',
      'fleetledger_burn_rate{cluster="alpha",window="6h"} 10',
      'fleetledger_burn_rate{cluster="alpha",window="3d"} 10',
      'fleetledger_burn_rate{cluster="alpha",window="period"} 10',
      'fleetledger_job_uptime_ratio{cluster="alpha",form="raw"} 1',
      'fleetledger_job_uptime_ratio{cluster="alpha",form="contractual"} 1',
      'fleetledger_ettr_ratio{cluster="alpha"} 1',
      'fleetledger_crashes{cluster="alpha",window="1d"} 0',
      'fleetledger_nodes{cluster="alpha",state="in-service"} 1',
      'fleetledger_nodes{cluster="alpha",state="down"} 1',
      'fleetledger_nodes{cluster="alpha",state="maintenance"} 0',
      'fleetledger_nodes{cluster="alpha",state="unknown"} 0',
      'fleetledger_open_faults{cluster="alpha",overdue="true"} 1',
      'fleetledger_open_faults{cluster="alpha",overdue="false"} 0',
      'fleetledger_releases_overdue{cluster="alpha"} 0',
    ]);
    expect(failures).toEqual([]);
  });

  test("have no sample where a figure is null, and none of an empty ledger", async () => {
    const ledger = memoryLedger();
    const { registry } = gaugesOver(ledger);
    expect(await samplesOf(registry)).toEqual([]);
    const { registry: ofEmptyCluster } = gaugesOver(ledger);
    await ledger.submit([
      anEvent({
        occurredAt: "2026-02-01T00:00:00Z",
        type: "ClusterRegistered",
        data: { cluster: "bare" },
      }),
    ]);
    const samples = await samplesOf(ofEmptyCluster);
    expect(samples).toContain('fleetledger_nis_target_ratio{cluster="bare"} 0.95');
    expect(samples.filter((line) => /nis_ratio|burn|spent|ettr|uptime|mttr/.test(line))).toEqual(
      [],
    );
  });

  test("count a release that nobody made as overdue once its no-fly zone is over", async () => {
    const { ledger } = await appWithHistory();
    // The clock reads 16 April; the zone is lifted on the 14th.
    await ledger.submit([
      anEvent({
        occurredAt: "2026-04-14T00:00:00Z",
        type: "NfzLifted",
        data: { nfz: "freeze", cluster: "alpha" },
      }),
    ]);
    const samples = await samplesOf(gaugesOver(ledger).registry);
    expect(samples).toContain('fleetledger_releases_overdue{cluster="alpha"} 1');
  });

  test("are computed at most every 15 seconds, however often they are scraped", async () => {
    const { ledger } = await appWithHistory();
    let elapsed = 0;
    let computed = 0;
    const counting: Ledger = {
      ...ledger,
      answerInSteps: async (...args) => {
        computed++;
        return await ledger.answerInSteps(...args);
      },
    };
    const { registry } = gaugesOver(counting, () => elapsed);
    await registry.metrics();
    elapsed = 14_999;
    await registry.metrics();
    expect(computed).toBe(1);
    elapsed = 15_000;
    await registry.metrics();
    expect(computed).toBe(2);
  });

  test("of one cluster stay when those of another cannot be computed", async () => {
    const { ledger } = await appWithHistory();
    await ledger.submit([
      anEvent({
        occurredAt: "2026-02-01T00:00:00Z",
        type: "ClusterRegistered",
        data: { cluster: "aaa" },
      }),
    ]);
    const failing: Ledger = {
      ...ledger,
      answerInSteps: async (cluster, ...rest) => {
        if (cluster === "aaa") throw new Error("cannot be computed");
        return await ledger.answerInSteps(cluster, ...rest);
      },
    };
    const { registry, failures } = gaugesOver(failing);
    const samples = await samplesOf(registry);
    expect(samples).toContain('fleetledger_nis_ratio{cluster="alpha",form="raw"} 0.5');
    expect(samples.join("\n")).not.toContain("aaa");
    expect(failures).toHaveLength(1);
  });

  test("are at /metrics beside those that were there", async () => {
    const { app } = await smallApp();
    const { body } = await app.inject("/metrics");
    expect(body).toContain("# TYPE fleetledger_nis_ratio gauge");
    expect(body).toContain("# TYPE fleetledger_rollouts_blocked gauge");
  });
});
