import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Audit } from "../../src/audit/audit.ts";
import { auditedApp } from "../api/audited-app.ts";
import { history } from "../api/small-app.ts";
import { failed } from "../ledger/sample-events.ts";
import { temporaryLedger } from "../ledger/temporary-ledger.ts";
import { tamper } from "../store/ledger-file.ts";
import { signer } from "./sealed-ledger.ts";

const edit = (sequence: number): string =>
  `UPDATE events SET occurred_at = occurred_at + 1 WHERE sequence = ${sequence}`;

describe("an event that was edited in the file while it is served", () => {
  test("is neither shown with a proof nor under a signed head, and is named", async () => {
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

  test("is not sealed: the sealer says which event it is, and appends nothing", async () => {
    await using place = temporaryLedger();
    const ledger = await place.open();
    await ledger.submit([failed(1), failed(2), failed(3)]);
    tamper(place.path, edit(3));
    const failures: string[] = [];
    const audit = new Audit({
      ledger,
      signer,
      clock: { nowMs: Date.now },
      intervalMs: 10,
      onFailure: (error) => failures.push(String(error)),
    });
    await audit.startSealing();
    await vi.waitFor(() => expect(failures[0]).toMatch(/event 3 is not what was stored/));
    expect(audit.sealing()?.lastError).toMatch(/event 3 is not what was stored/);
    await audit.close();
    expect((await ledger.store.head()).sequence).toBe(3);
  });
});
