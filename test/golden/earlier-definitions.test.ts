/** What becomes of reports that a release issued when a later version of the definitions brings new fields. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type * as mttrSection from "../../projections/document/sections/mttr.ts";
import { buildApp } from "../../src/http/app.ts";
import type { Api } from "../../src/http/server/api.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import type { IssuedDocument } from "../../src/reports/issued/issued-report.ts";
import { issueReport } from "../../src/reports/issued/issue.ts";
import { reportText } from "../../src/reports/text/report-text.ts";
import { glossaryText } from "../../src/reports/text/glossary.ts";
import { sealNow } from "../../src/seals/seal-now.ts";
import { leafStore } from "../../src/store/leaf-store.ts";
import { openLedgerTree } from "../../src/tree/ledger-tree.ts";
import { verifyStore } from "../../src/verify/verify.ts";
import {
  answeredReports,
  filesOf,
  goldenFolder,
  goldenNow,
  goldenSigner,
  goldenVerifier,
  ledgerFile,
} from "./golden-ledger.ts";

const first = "fleetledger-measures/1";
const next = "fleetledger-measures/2";

vi.mock("../../projections/document/entry/definitions.ts", () => ({
  definitionsVersions: ["fleetledger-measures/1", "fleetledger-measures/2"],
}));

/** The section has three fields more: one of its own, one of each row of a list, one of each key of a map. */
vi.mock("../../projections/document/sections/mttr.ts", async (original) => {
  const real = await original<typeof mttrSection>();
  const { field, figure } = real.mttr;
  const { open, byCause } = field.fields;
  const since = "fleetledger-measures/2";
  const grade = { kind: "count", since, title: "Grade of repairs", meaning: "A figure." };
  const rank = { kind: "count", since, title: "Rank of the fault", meaning: "A figure." };
  const weight = { kind: "count", since, title: "Weight of the cause", meaning: "A figure." };
  const fields = {
    grade,
    ...field.fields,
    open: { ...open, row: { rank, ...open.row } },
    byCause: {
      ...byCause,
      each: { ...byCause.each, fields: { weight, ...byCause.each.fields } },
    },
  };
  const figureOfNext: typeof figure = (inputs) => {
    const made = figure(inputs);
    const causes = Object.entries(made.byCause);
    return {
      ...made,
      grade: 41,
      open: made.open.map((each) => ({ ...each, rank: 42 })),
      byCause: Object.fromEntries(causes.map(([cause, each]) => [cause, { ...each, weight: 43 }])),
    };
  };
  return { ...real, mttr: { field: { ...field, fields }, figure: figureOfNext } };
});

const clock = { nowMs: () => Date.parse(goldenNow) };
const golden = goldenFolder("0.1.0");
const titles = ["Grade of repairs", "Rank of the fault", "Weight of the cause"];

let scratch: string;
let ledger: Ledger;
let app: Api;

/** The report of a path in each form that people and programs get. */
async function formsOf(report: string): Promise<Record<"json" | "csv" | "html" | "text", string>> {
  const get = async (query: string): Promise<string> => {
    const answer = await app.inject({ method: "GET", url: `/v1/reports/${report}${query}` });
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.body;
  };
  const json = await get("");
  const text = reportText(JSON.parse(json) as IssuedDocument, { listLimit: Infinity });
  return { json, csv: await get("?format=csv"), html: await get("?format=html"), text };
}

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "fleetledger-definitions-"));
  for (const file of filesOf(golden)) copyFileSync(join(golden, file), join(scratch, file));
  ledger = await openLedger({ store: `sqlite:${join(scratch, ledgerFile)}`, mode: "write", clock });
  app = await buildApp({ ledger, logger: pino({ level: "silent" }), clock });
});

afterAll(async () => {
  await app.close();
  await ledger.close();
  rmSync(scratch, { recursive: true });
});

describe("a report issued before its section got new fields", () => {
  test("is returned, and restated, byte for byte as by the release that issued it", async () => {
    const reports = filesOf(golden).filter((file) => /\.(json|csv)$/.test(file));
    const answers = await answeredReports(ledger, clock);
    for (const file of reports)
      expect(answers.get(file), file).toBe(readFileSync(join(golden, file), "utf8"));
  });

  test("lacks the new fields as JSON, CSV, page and text", async () => {
    const { json, csv, html, text } = await formsOf("alpha-2026-03");
    expect(JSON.parse(json)).toMatchObject({ definitions: first });
    for (const name of ["grade", "rank", "weight"]) {
      expect(json).not.toContain(`"${name}"`);
      expect(csv).not.toContain(name);
    }
    for (const title of titles) {
      expect(html).not.toContain(title);
      expect(text).not.toContain(title);
    }
  });

  test("is restated by the definitions that it was issued with", async () => {
    const url = "/v1/reports/alpha-2026-03/restated";
    const { restated } = (await app.inject({ method: "GET", url })).json<{ restated: object }>();
    expect(restated).toMatchObject({ definitions: first });
    expect(restated).not.toHaveProperty("mttr.grade");
  });
});

describe("a report issued afterwards", () => {
  const report = "alpha-2026-03-anew";

  beforeAll(async () => {
    const tree = await openLedgerTree(ledger.store);
    const order = { report, cluster: "alpha", period: "2026-03", attribution: { actor: "Ann" } };
    await ledger.waitFor((await ledger.store.head()).sequence, 600_000);
    await issueReport({ ledger, tree, clock }, order);
    await ledger.waitFor((await ledger.store.head()).sequence, 600_000);
    await sealNow({ ledger, tree, signer: goldenSigner, clock });
  });

  test("has the new fields as JSON, CSV, page and text", async () => {
    const { json, csv, html, text } = await formsOf(report);
    expect(JSON.parse(json)).toMatchObject({
      definitions: next,
      mttr: { grade: 41, open: [{ rank: 42 }], byCause: { hardware: { weight: 43 } } },
    });
    for (const value of ["grade,41", "rank,42", "weight,43"]) expect(csv).toContain(value);
    for (const title of titles) {
      expect(html).toContain(title);
      expect(text).toContain(title);
    }
  });

  test("is verified together with earlier ones", async () => {
    const verified = await verifyStore(leafStore(ledger.store), { verifier: goldenVerifier });
    expect(verified.findings).toEqual([]);
  });
});

describe("a field introduced by a later version of the definitions", () => {
  test("is in today's figures", async () => {
    const url = "/v1/sla?cluster=alpha&period=2026-03";
    expect((await app.inject({ method: "GET", url })).json()).toMatchObject({
      definitions: next,
      mttr: { grade: 41 },
    });
  });

  test("is marked as new in the API description and in the glossary, and may be missing", async () => {
    const url = "/openapi.json";
    const { components } = (await app.inject({ method: "GET", url })).json<{
      components: { schemas: Record<string, { required: string[]; properties: object }> };
    }>();
    const section = components.schemas["MttrSection"];
    expect(section?.required).not.toContain("grade");
    expect(section?.properties).toMatchObject({
      grade: {
        description: `A figure. Since ${next}: reports of earlier definitions are without it.`,
      },
    });
    expect(glossaryText()).toContain(`- \`mttr.grade\` (since ${next}): **Grade of repairs.**`);
  });
});
