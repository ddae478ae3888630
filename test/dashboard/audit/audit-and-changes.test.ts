import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sealNow } from "../../../src/seals/seal-now.ts";
import { openLedgerTree } from "../../../src/tree/ledger-tree.ts";
import { newKey, parseSigner } from "../../../src/tree/signed-note.ts";
import type { AuditedApp } from "../../http/app/audited-app.ts";
import { auditedApp } from "../../http/app/audited-app.ts";
import { history, smallApp } from "../../http/app/small-app.ts";
import { panelOf, textOf } from "../page-text.ts";

const fault = String(history[3]?.["id"]);
let ledger: AuditedApp;

const page = async (url: string) => (await ledger.get(url, { accept: "text/html" })).text;
const panel = async (url: string, id: string) => textOf(panelOf(await page(url), id));

beforeAll(async () => {
  ledger = await auditedApp();
  // 12 events are there; then a correction, a fact that was told late, and a retraction.
  const said = { actor: "Ann <Lee>", reason: "the log says so" };
  await ledger.post(`/v1/events/${fault}/corrections`, {
    ...said,
    occurredAt: "2026-03-02T06:00:00Z",
  });
  await ledger.post("/v1/events", {
    id: "00000000-0000-4000-8000-00000000000a",
    type: "NodeFailed",
    occurredAt: "2026-03-10T00:00:00Z",
    data: { cluster: "alpha", node: "n1", faultId: "late", category: "network" },
  });
  await ledger.post("/v1/events/00000000-0000-4000-8000-00000000000a/retraction", said);
  await ledger.settled();
});
afterAll(() => ledger.close());

describe("the audit page", () => {
  test("has the head of the tree as the interface gives it, and the key that signs it", async () => {
    const text = await panel("/audit", "checkpoint");
    const { json } = await ledger.get("/v1/audit/consistency?from=15&to=15");
    expect(text).toContain(String(json["toRootHash"]));
    expect(text).toContain(ledger.verifierKey);
    expect(text).toContain("— ledger.example ");
  });

  test("says that nothing is sealed yet", async () => {
    expect(await panel("/audit", "headline")).toContain("15 events; nothing is sealed yet.");
    expect(await panel("/audit", "seals")).toContain("Nothing is sealed");
  });

  test("says when it was sealed, over how many events, and how many came since", async () => {
    const sealed = await auditedApp();
    await sealNow({
      ledger: sealed.ledger,
      tree: await openLedgerTree(sealed.ledger.store),
      signer: parseSigner(newKey("ledger.example").secret),
      clock: { nowMs: () => Date.parse("2026-04-15T12:00:00Z") },
    });
    sealed.advance(3 * 3_600_000);
    await sealed.post("/v1/events", { ...history[4], id: "00000000-0000-4000-8000-00000000000b" });
    await sealed.settled();
    const text = textOf((await sealed.get("/audit", { accept: "text/html" })).text);
    expect(text).toContain("14 events; sealed up to #12, 3 h ago; 1 event since.");
    await sealed.close();
  });

  test("counts the facts that did not fit by kind and cluster, as the interface does", async () => {
    const { app, ledger: memory } = await smallApp();
    await memory.submit(history);
    await memory.submit([{ ...history[4], id: "00000000-0000-4000-8000-00000000000c" }]);
    const text = textOf(panelOf((await app.inject("/audit?period=2026-03")).body, "findings"));
    expect(text).toMatch(/a return to service that ends no fault 1 None of these faults is open/);
    await app.close();
  });

  test("without a key says so, and how to get one", async () => {
    const { app } = await smallApp();
    const text = textOf((await app.inject("/audit")).body);
    expect(text).toContain("0 events; nothing is sealed: the ledger is served without a key.");
    await app.close();
  });
});

describe("the page of changes", () => {
  const between = "/audit/changes?from-sequence=12&asOf=15";

  test("says how many events, amendments and late facts there are between two positions", async () => {
    const text = await panel(between, "headline");
    expect(text).toContain("3 events between #12");
    expect(text).toContain("2 corrections and retractions, 1 fact told late");
  });

  test("counts events by type and cluster", async () => {
    const text = await panel(between, "counts");
    expect(text).toContain("Type no cluster alpha All");
    expect(text).toContain("FactCorrected 1 0 1");
    expect(text).toContain("NodeFailed 0 1 1");
  });

  test("says of each amendment what it changed, and by whom and why", async () => {
    const text = await panel(between, "amendments");
    expect(text).toMatch(
      /#\d+ n1 failed: hardware, gpu occurredAt 2 Mar 2026 00:00:00 now 2 Mar 2026 06:00:00 Ann &lt;Lee&gt;: the log says so/,
    );
    expect(text).toMatch(/n1 failed: network retracted/);
  });

  test("has the figures of the last full month at both positions, and the difference", async () => {
    const text = await panel(between, "figures");
    // n1 was down for 12 h at first, and for 6 h since the correction.
    expect(text).toContain("Mean time to repair 12 h 6 h −6 h");
    expect(text).toContain("Crashes 1 1 no change");
  });

  test("of a position with itself has nothing", async () => {
    const html = await page("/audit/changes?from-sequence=15&asOf=15");
    expect(textOf(html)).toContain("0 events between #15");
    expect(textOf(html)).toContain("No fact was amended.");
    expect(textOf(html)).toContain("Every fact was told in time.");
    expect(textOf(panelOf(html, "figures"))).not.toMatch(/[+−]\d/);
  });

  test("is where two positions of any page lead", async () => {
    const { status, headers } = await ledger.get("/?asOf=12..15");
    expect([status, headers["location"]]).toEqual([302, between]);
  });

  test("refuses a span that runs backwards", async () => {
    const { status, text } = await ledger.get("/audit/changes?from-sequence=15&asOf=12", {
      accept: "text/html",
    });
    expect(status).toBe(400);
    expect(text).toContain("must not be after 12");
  });
});

describe("the page of what was found", () => {
  test("lists what goes by a name, with links that keep the position", async () => {
    const html = await page("/find?q=n1&asOf=12");
    expect(textOf(panelOf(html, "found"))).toContain("n1 node alpha");
    expect(html).toContain('href="/clusters/alpha/nodes/n1?asOf=12"');
  });

  test("says that nothing was found, and asks for a name where there is none", async () => {
    expect(await panel("/find?q=%3Cb%3E", "found")).toContain("contains &quot;&lt;b&gt;&quot;.");
    expect(await panel("/find?q=", "found")).toContain("Enter a name");
  });
});
