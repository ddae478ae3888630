/** A figure that is asked for alone is computed alone: it is that of the document, and folds nothing that only others need. */
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildApp } from "../../../src/http/app.ts";
import type { Api } from "../../../src/http/server/api.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { stepsAtOnce } from "../../../src/turns.ts";
import { watched } from "../../projections/watched-view.ts";
import { memoryLedger } from "../app/memory-ledger.ts";
import { history } from "../app/small-app.ts";

const folded = new Set<string>();
let app: Api;
beforeAll(async () => {
  const ledger = memoryLedger();
  await ledger.submit(history);
  const seen: Ledger = {
    ...ledger,
    keptAnswer: async (cluster, sequence, { make }) =>
      stepsAtOnce(make(watched(ledger.view(cluster, sequence), (kind) => folded.add(kind)))),
  };
  app = await buildApp({ ledger: seen, logger: pino({ level: "silent" }) });
});
afterAll(() => app.close());

const window = "cluster=alpha&period=2026-03";

describe("GET", () => {
  test.each([
    ["/v1/nis", "nis", ["node"]],
    ["/v1/mttr", "mttr", ["node"]],
    // No interruption of this history names a fault, so no node is folded.
    ["/v1/job-uptime", "jobUptime", ["job"]],
  ])("%s gives the document's section %s, and folds only %j", async (url, name, kinds) => {
    const document = (await app.inject(`/v1/sla?${window}`)).json();
    folded.clear();
    const answer = (await app.inject(`${url}?${window}`)).json();
    expect([...folded].sort()).toEqual(kinds);
    const [cluster] = answer.clusters;
    for (const member of ["cluster", "period", "policy", name]) {
      expect(JSON.stringify(cluster[member])).toBe(JSON.stringify(document[member]));
    }
  });

  test("/v1/nis?fields= gives the members that are named, in the order of the document, and the same fleet", async () => {
    const whole = (await app.inject(`/v1/nis?${window}`)).json();
    const { nis } = whole.clusters[0];
    for (const names of [["contractual", "raw", "target", "met"], ["exclusions"], ["burnRates"]]) {
      const part = (await app.inject(`/v1/nis?${window}&fields=${names.join(",")}`)).json();
      const expected = Object.entries(nis).filter(([name]) => names.includes(name));
      expect(JSON.stringify(part.clusters[0].nis)).toBe(
        JSON.stringify(Object.fromEntries(expected)),
      );
    }
    const every = Object.keys(nis).join(",");
    expect((await app.inject(`/v1/nis?${window}&fields=${every}`)).json()).toEqual(whole);
    const fleet = async (more: string) =>
      (await app.inject(`/v1/nis?period=2026-03${more}`)).json().fleet;
    expect(await fleet("&fields=raw")).toEqual(await fleet(""));
  });

  test.each(["", "raw,", "moon", "raw,fleet"])("/v1/nis refuses fields=%j", async (names) => {
    const answer = await app.inject(`/v1/nis?${window}&fields=${names}`);
    expect([answer.statusCode, answer.json().errors[0].path]).toEqual([400, "/query/fields"]);
  });

  test("/v1/nis of a rack folds only nodes", async () => {
    folded.clear();
    expect((await app.inject(`/v1/nis?${window}&rack=r1`)).statusCode).toBe(200);
    expect([...folded]).toEqual(["node"]);
  });
});
