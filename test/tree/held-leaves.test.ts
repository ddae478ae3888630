import { pino } from "pino";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { eventually } from "../eventually.ts";
import { buildApp } from "../../src/http/app.ts";
import { Audit } from "../../src/seals/audit.ts";
import { openLedgerTree } from "../../src/tree/ledger-tree.ts";
import { sealNow } from "../../src/seals/seal-now.ts";
import { auditedApp } from "../http/app/audited-app.ts";
import { history } from "../http/app/small-app.ts";
import { failed } from "../ledger/sample-events.ts";
import { temporaryLedger } from "../ledger/temporary-ledger.ts";
import { tamper } from "../store/sqlite/ledger-file.ts";
import { signer } from "../seals/sealed-ledger.ts";

const edit = (sequence: number): string =>
  `UPDATE events SET occurred_at = occurred_at + 1 WHERE sequence = ${sequence}`;

describe("an event that was edited in the file while it is served", () => {
  test("is shown neither with a proof nor under a signed head, and is named", async () => {
    const served = await auditedApp();
    onTestFinished(() => served.close());
    const edited = 2;
    const good = await served.get(`/v1/audit/proof/${String(history[0]?.["id"])}`);
    expect(good.status).toBe(200);
    tamper(served.path, edit(edited));
    const proof = await served.get(`/v1/audit/proof/${String(history[edited - 1]?.["id"])}`);
    const head = await served.get("/v1/audit/checkpoint");
    for (const { status, json } of [proof, head]) {
      expect(json).toMatchObject({ code: "corrupt-event", sequence: edited });
      expect(status).toBe(500);
    }
  });

  test("is not sealed: the sealer names the event and appends nothing", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    await ledger.submit([failed(1), failed(2), failed(3)]);
    tamper(temporary.path, edit(3));
    const failures: string[] = [];
    const audit = new Audit({
      ledger,
      signer,
      clock: { nowMs: Date.now },
      intervalMs: 10,
      onFailure: (error) => failures.push(String(error)),
    });
    await audit.startSealing();
    await eventually(() => expect(failures[0]).toMatch(/event 3 is not what was stored/));
    expect(audit.sealing()?.lastError).toMatch(/event 3 is not what was stored/);
    const clock = { nowMs: Date.now };
    const app = await buildApp({ ledger, logger: pino({ level: "silent" }), clock, audit });
    const readiness = await app.inject({ url: "/readyz" });
    await app.close();
    expect(readiness.statusCode).toBe(503);
    expect(readiness.json()).toMatchObject({
      troubles: [{ what: "events", message: expect.stringMatching(/event 3 is not what was/) }],
    });
    await audit.close();
    expect((await ledger.store.head()).sequence).toBe(3);
  });

  test("is not sealed either if it was appended and edited while the events before it were checked", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    await ledger.submit([failed(1), failed(2)]);
    const submitSystemAtHead = ledger.submitSystemAtHead.bind(ledger);
    vi.spyOn(ledger, "submitSystemAtHead").mockImplementationOnce(async (make) => {
      await ledger.submit([failed(3)]);
      tamper(temporary.path, edit(3));
      return await submitSystemAtHead(make);
    });
    const tree = await openLedgerTree(ledger.store);
    const sealing = sealNow({ ledger, tree, signer, clock: { nowMs: Date.now } });
    await expect(sealing).rejects.toThrow(/event 3 is not what was stored/);
    expect((await ledger.store.head()).sequence).toBe(3);
  });
});
