import { describe, expect, test } from "vitest";
import { issueReport } from "../../src/reports/issued/issue.ts";
import { openLedgerTree } from "../../src/tree/ledger-tree.ts";
import { sealNow } from "../../src/seals/seal-now.ts";
import { verifyStore } from "../../src/verify/verify.ts";
import type { Verification } from "../../src/verify/verify.ts";
import type { DataOf } from "../../src/events/catalogue.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { leafStore } from "../../src/store/leaf-store.ts";
import { openEmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import { failed } from "../ledger/sample-events.ts";
import type { TemporaryLedger } from "../ledger/temporary-ledger.ts";
import { temporaryLedger } from "../ledger/temporary-ledger.ts";
import { tamper } from "../store/sqlite/ledger-file.ts";
import { signer, verifier } from "./sealed-ledger.ts";

const clock = { nowMs: () => Date.UTC(2026, 1, 2) };

async function seal(ledger: Ledger): Promise<void> {
  await sealNow({ ledger, tree: await openLedgerTree(ledger.store), signer, clock });
}

async function issue(ledger: Ledger, report: string): Promise<void> {
  const tree = await openLedgerTree(ledger.store);
  await ledger.waitFor((await ledger.store.head()).sequence, 600_000);
  const order = { report, cluster: "c1", period: "2026-01", attribution: {} };
  await issueReport({ ledger, tree, clock }, order);
}

/** Three events (with recorded times that are kept, or without), a seal, a report and a seal. */
async function madeLedger(temporary: TemporaryLedger, areKept: boolean): Promise<void> {
  const ledger = await temporary.open({ clock });
  const recordedAt = "2026-01-01T00:00:00.000Z";
  const events = [1, 2, 3].map((n) => failed(n, "n1", areKept ? { recordedAt } : {}));
  await ledger.submit(events, { preserveTimestamps: areKept });
  await seal(ledger);
  await issue(ledger, "january");
  await seal(ledger);
  await ledger.close();
}

async function verified(path: string): Promise<Verification> {
  const store = await openEmbeddedStore({ path, mode: "read" });
  try {
    return await verifyStore(leafStore(store), { verifier });
  } finally {
    await store.close();
  }
}

const timesWords = ({ lines }: Verification): string =>
  lines.find(({ what }) => what === "recorded times")?.words ?? "";

describe("the statement that recorded times were preserved", () => {
  test.each([true, false])(
    "is in every seal and report of such a ledger, and in no other (%s)",
    async (areKept) => {
      await using temporary = temporaryLedger();
      await madeLedger(temporary, areKept);
      const result = await verified(temporary.path);
      expect(result.findings).toEqual([]);
      expect(timesWords(result)).toContain(
        areKept ? "preserved from an import" : "set by this ledger",
      );
      const ledger = await temporary.open({ mode: "read" });
      for (const type of ["LedgerSealed", "ReportIssued"] as const) {
        for (const event of await ledger.store.query({ type, after: 0, limit: 10 })) {
          const data = event.data as DataOf<"LedgerSealed">;
          expect(data.recordedAtKept ?? false).toBe(areKept);
        }
      }
    },
  );

  test("is found without the store's mark too, and the missing mark is reported", async () => {
    await using temporary = temporaryLedger();
    await madeLedger(temporary, true);
    tamper(temporary.path, "DELETE FROM marks");
    const { findings } = await verified(temporary.path);
    expect(findings).toEqual([
      { sequence: 6, message: expect.stringMatching(/the store's mark .* is gone/) },
    ]);
    const ledger = await temporary.open({ clock });
    expect(ledger.timestampsPreserved()).toBe(true);
    await issue(ledger, "again");
    const [, again] = await ledger.store.query({ type: "ReportIssued", after: 0, limit: 10 });
    expect(again?.data).toMatchObject({ recordedAtKept: true });
  });

  test("is not believed if only the store's mark says it", async () => {
    await using temporary = temporaryLedger();
    await madeLedger(temporary, false);
    tamper(temporary.path, "INSERT INTO marks VALUES ('recorded-times', 'kept')");
    const { findings } = await verified(temporary.path);
    expect(findings).toEqual([
      {
        sequence: 6,
        message: expect.stringMatching(/it does not say .* but the store has a mark/),
      },
    ]);
  });

  test("is in all seals and reports or in none: the first that differs is named", async () => {
    await using temporary = temporaryLedger();
    await madeLedger(temporary, false);
    tamper(temporary.path, "INSERT INTO marks VALUES ('recorded-times', 'kept')");
    const ledger = await temporary.open({ clock });
    await ledger.submit([failed(4)]);
    await seal(ledger);
    await ledger.close();
    const { findings } = await verified(temporary.path);
    expect(findings).toEqual([
      { sequence: 8, message: "it says that recorded times were preserved, but event 6 did not" },
    ]);
  });
});
