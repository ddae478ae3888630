/** Two instances on one store: another one's events may come between the head that is signed and its seal. */
import { describe, expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { Audit } from "../../src/seals/audit.ts";
import { signCheckpoint } from "../../src/tree/checkpoint.ts";
import { openLedgerTree } from "../../src/tree/ledger-tree.ts";
import { verifyStore } from "../../src/verify/verify.ts";
import type { Verification } from "../../src/verify/verify.ts";
import type { DataOf } from "../../src/events/catalogue.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { leafStore } from "../../src/store/leaf-store.ts";
import { failed, uuid } from "../ledger/sample-events.ts";
import { temporaryLedger } from "../ledger/temporary-ledger.ts";
import { signer, verifier } from "./sealed-ledger.ts";

/** Appends a seal that says it is over the first `size` events; its root is that of the first `rootOf`. */
async function sealOver(ledger: Ledger, size: number, rootOf = size): Promise<number> {
  const root = await (await openLedgerTree(ledger.store)).root(rootOf);
  const checkpoint = signCheckpoint({ origin: signer.name, size: BigInt(size), root }, signer);
  const data = { size, rootHash: root.toString("hex"), checkpoint };
  const event = { id: uuid(900 + size), type: "LedgerSealed", occurredAt: "2026-01-01T00:00:00Z" };
  const [made] = await ledger.submitSystem([{ ...event, data }]);
  if (made?.status === "refused") throw made.error;
  return made?.sequence ?? 0;
}

const verified = (ledger: Ledger): Promise<Verification> =>
  verifyStore(leafStore(ledger.store), { verifier });

const sealsWords = ({ lines }: Verification): string | undefined =>
  lines.find(({ what }) => what === "seals")?.words;

describe("a seal", () => {
  test("over fewer events than come before it is valid for those", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    await ledger.submit([failed(1), failed(2), failed(3)]);
    await sealOver(ledger, 2);
    const result = await verified(ledger);
    expect(result.findings).toEqual([]);
    expect(sealsWords(result)).toMatch(/^1, .*first 2 of 4 events/);
    // One over fewer events than an earlier one takes nothing from that.
    await sealOver(ledger, 4);
    await sealOver(ledger, 1);
    expect(sealsWords(await verified(ledger))).toMatch(/^3, .*first 4 of 6 events/);
  });

  test("over itself, over more events, or with another root is not valid", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open();
    await ledger.submit([failed(1), failed(2), failed(3)]);
    expect(await sealOver(ledger, 4, 3)).toBe(4);
    await sealOver(ledger, 100, 4);
    await sealOver(ledger, 3, 2);
    expect((await verified(ledger)).findings).toEqual([
      { sequence: 4, message: "the seal covers 4 events, not all those before it" },
      { sequence: 5, message: "the seal covers 100 events, not all those before it" },
      {
        sequence: 6,
        message: expect.stringMatching(/over 3 events does not match.*events 1 to 3/),
      },
    ]);
  });
});

/** The ledger, where another instance's event comes before the first seal that is made. */
function withRival(ledger: Ledger): Ledger {
  let isFirst = true;
  const submitSystemAtHead: Ledger["submitSystemAtHead"] = async (make) => {
    if (!isFirst) return await ledger.submitSystemAtHead(make);
    isFirst = false;
    const input = await make((await ledger.store.head()).sequence);
    await ledger.submit([failed(99)]);
    const [submission] = await ledger.submitSystem([input]);
    if (submission === undefined) throw new Error("no outcome");
    return submission;
  };
  return new Proxy(ledger, {
    get(target, name) {
      if (name === "submitSystemAtHead") return submitSystemAtHead;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

test("a sealer that another instance's event came before seals that event too, and then rests", async () => {
  await using temporary = temporaryLedger();
  const ledger = await temporary.open();
  await ledger.submit([failed(1)]);
  const clock = { nowMs: Date.now };
  const audit = new Audit({ ledger: withRival(ledger), signer, clock, intervalMs: 20 });
  await audit.startSealing();
  const seals = async () => await ledger.store.query({ type: "LedgerSealed", after: 0, limit: 10 });
  await eventually(async () => expect(await seals()).toHaveLength(2));
  await new Promise((resume) => setTimeout(resume, 120));
  const made = (await seals()).map(({ sequence, data }) => ({
    sequence,
    size: (data as DataOf<"LedgerSealed">).size,
  }));
  expect(made).toEqual([
    { sequence: 3, size: 1 },
    { sequence: 4, size: 3 },
  ]);
  await audit.close();
  expect(await seals()).toHaveLength(2);
  const result = await verified(ledger);
  expect(result.findings).toEqual([]);
  expect(sealsWords(result)).toMatch(/^2, .*first 3 of 4 events/);
});
