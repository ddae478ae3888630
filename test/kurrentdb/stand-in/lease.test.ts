/** The lease on a stand-in: one instance at a time holds it, also where the holder cannot be told so. */
import { status } from "@grpc/grpc-js";
import { expect, onTestFinished, test, vi } from "vitest";
import { openKurrentDbStore } from "../../../src/store/kurrentdb.ts";
import { freshFolder, ledgerOn, statusOf, until } from "../ledger-on-server.ts";
import { startProxy } from "../proxy.ts";
import type { Failure } from "./faults.ts";
import { unavailable } from "./faults.ts";
import { aMoment } from "./on-stand-in.ts";
import { startStandIn } from "./stand-in.ts";

// Shorter than in earnest, so that the end of it is soon seen.
vi.mock("../../../src/limits.ts", async (original) => ({
  ...(await original<object>()),
  leaseMs: 2_000,
  leaseRenewMs: 50,
}));

/** A holder behind a proxy of its own, and an instance that waits for its lease. */
async function holderAndOther() {
  const standIn = await startStandIn();
  const proxy = await startProxy(Number(/:(\d+)/.exec(standIn.url)?.[1]));
  onTestFinished(() => proxy.close());
  const { prefix, open } = ledgerOn(`esdb://127.0.0.1:${proxy.port}?tls=false`);
  const holder = await open();
  await until(() => statusOf(holder).holdsLease);
  const other = await ledgerOn(standIn.url, prefix).open();
  return { holder, other, proxy };
}

test("stays with a holder that gives signs of life, and is free at once when it ends", async () => {
  const { holder, other } = await holderAndOther();
  for (let look = 0; look < 5; look++) {
    await aMoment();
    expect([holder, other].map((store) => statusOf(store).holdsLease)).toEqual([true, false]);
  }
  expect(statusOf(other).leaseHolder).toBe(statusOf(holder).leaseHolder);
  await holder.close();
  await until(() => statusOf(other).holdsLease);
});

test("is never held by two: a holder that is cut off gives up first, and takes nothing back", async () => {
  const { holder, other, proxy } = await holderAndOther();
  const { leaseTerm } = statusOf(holder);
  proxy.setHanging(true);
  await until(() => {
    const held = [holder, other].filter((store) => statusOf(store).holdsLease);
    expect(held.length).toBeLessThan(2);
    return held[0] === other;
  });
  const taken = statusOf(other).leaseTerm;
  expect(taken).toBeGreaterThan(Number(leaseTerm));
  proxy.setHanging(false);
  proxy.cut();
  await until(() => statusOf(holder).leaseHolder === statusOf(other).leaseHolder);
  expect(statusOf(holder).holdsLease).toBe(false);
  expect(statusOf(other)).toMatchObject({ holdsLease: true, leaseTerm: taken });
});

/** The only instance on a stand-in, once it holds the lease. */
async function holderAlone() {
  const standIn = await startStandIn();
  const { prefix, open, said } = ledgerOn(standIn.url);
  const holder = await open();
  await until(() => statusOf(holder).holdsLease);
  const stream = `control.${prefix}lease`;
  return { standIn, holder, said, stream };
}

test("stays with its holder, under the same term, when the answer to a renewal is lost", async () => {
  const { standIn, holder, said, stream } = await holderAlone();
  const { leaseTerm } = statusOf(holder);
  const before = standIn.log.stream(stream).length;
  standIn.failAppends(stream, { stores: true, answer: unavailable });
  await until(() => standIn.log.stream(stream).length > before + 4);
  await until(() => statusOf(holder).holdsLease);
  expect(statusOf(holder).leaseTerm).toBe(leaseTerm);
  expect(said.filter((text) => text.includes("no longer holds"))).toEqual([]);
});

test.each<[string, Failure]>([
  [
    "may not be written",
    {
      code: status.PERMISSION_DENIED,
      details: "Access Denied",
      metadata: { exception: "access-denied" },
    },
  ],
  [
    "whose stream was deleted for good",
    {
      code: status.FAILED_PRECONDITION,
      details: "the stream is deleted",
      metadata: { exception: "stream-deleted", "stream-name": "lease" },
    },
  ],
])("that %s says so, once, and is nobody's", async (_, answer) => {
  const { standIn, holder, said, stream } = await holderAlone();
  const fault = { stores: false, answer };
  standIn.failAppends(stream, ...Array.from({ length: 200 }, () => fault));
  await until(() => !statusOf(holder).holdsLease);
  await aMoment();
  expect(said.filter((text) => text.includes("neither be taken nor renewed"))).toHaveLength(1);
  expect(statusOf(holder)).toMatchObject({ leaseHolder: null, mayHoldLease: true });
});

test("is left alone by an observer, who tells who holds it", async () => {
  const standIn = await startStandIn();
  const on = ledgerOn(standIn.url);
  const observer = await openKurrentDbStore({
    name: on.name(freshFolder()),
    mode: "write",
    lease: "observer",
  });
  onTestFinished(() => observer.close());
  await aMoment();
  expect(statusOf(observer)).toMatchObject({
    leaseHolder: null,
    holdsLease: false,
    mayHoldLease: false,
  });
  const candidate = await on.open();
  await until(() => statusOf(candidate).holdsLease);
  await until(() => statusOf(observer).leaseHolder === statusOf(candidate).leaseHolder);
  await candidate.close();
  await until(() => statusOf(observer).leaseHolder === null);
  expect(statusOf(observer).holdsLease).toBe(false);
});
