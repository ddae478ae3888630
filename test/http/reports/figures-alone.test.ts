/** A figure that is asked for alone is computed alone: it is that of the document, and folds nothing that only others need. */
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildApp } from "../../../src/http/app.ts";
import type { Api } from "../../../src/http/server/api.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
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
    answer: async (cluster, sequence, make) =>
      make(watched(ledger.view(cluster, sequence), (kind) => folded.add(kind))),
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

  test("/v1/nis of a rack folds only nodes", async () => {
    folded.clear();
    expect((await app.inject(`/v1/nis?${window}&rack=r1`)).statusCode).toBe(200);
    expect([...folded]).toEqual(["node"]);
  });
});
