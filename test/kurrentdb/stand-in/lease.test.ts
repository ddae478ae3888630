/** The lease on a stand-in: one instance at a time holds it, also where the holder cannot be told so. */
import { status } from "@grpc/grpc-js";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { openKurrentDbStore } from "../../../src/store/kurrentdb/kurrentdb.ts";
import { freshFolder, ledgerOn, statusOf, until } from "../ledger-on-server.ts";
import { startProxy } from "../proxy.ts";
import type { Failure } from "./faults.ts";
import { unavailable } from "./faults.ts";
import { aMoment } from "./on-stand-in.ts";
import type { StandIn } from "./stand-in.ts";
import { startStandIn } from "./stand-in.ts";

/** Shorter than in earnest, so that the end of it is soon seen; where none is to be seen, so long that no delay brings it. */
const [soonMs, neverMs] = [2_000, 600_000];
const lease = vi.hoisted(() => ({ ms: 0 }));
vi.mock("../../../src/limits/kurrentdb.ts", async (original) => ({
  ...(await original<object>()),
  get leaseMs() {
    return lease.ms;
  },
  leaseRenewMs: 50,
}));
beforeEach(() => {
  lease.ms = soonMs;
});

/** A holder behind a proxy of its own, and an instance that waits for its lease. */
async function holderAndOther() {
  const standIn = await startStandIn();
  const proxy = await startProxy(Number(/:(\d+)/.exec(standIn.url)?.[1]));
  onTestFinished(() => proxy.close());
  const { prefix, open } = ledgerOn(`esdb://127.0.0.1:${proxy.port}?tls=false`);
  const holder = await open();
  await until(() => statusOf(holder).holdsLease);
  const other = await ledgerOn(standIn.url, prefix).open();
  return { holder, other, proxy, standIn, stream: `control.${prefix}lease` };
}

/** Waits for some signs of life in the lease's stream. */
async function signsOfLife(standIn: StandIn, stream: string): Promise<void> {
  const before = standIn.log.stream(stream).length;
  await until(() => standIn.log.stream(stream).length > before + 4);
}

test("stays with a holder that keeps renewing it, and is free immediately when the holder stops", async () => {
  lease.ms = neverMs;
  const { holder, other, standIn, stream } = await holderAndOther();
  for (let look = 0; look < 5; look++) {
    await signsOfLife(standIn, stream);
    expect([holder, other].map((store) => statusOf(store).holdsLease)).toEqual([true, false]);
  }
  await until(() => statusOf(other).leaseHolder === statusOf(holder).leaseHolder);
  await holder.close();
  await until(() => statusOf(other).holdsLease);
});

test("is never held by two: a holder that is cut off gives it up first, and does not take it back", async () => {
  const { holder, other, proxy, standIn, stream } = await holderAndOther();
  const { leaseTerm } = statusOf(holder);
  proxy.setHanging(true);
  await until(() => {
    const held = [holder, other].filter((store) => statusOf(store).holdsLease);
    expect(held.length).toBeLessThan(2);
    return held[0] === other;
  });
  // The one that has it now is to keep it, however slow the machine is.
  lease.ms = neverMs;
  await signsOfLife(standIn, stream);
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

test("stays with its holder, in the same term, when the answer to a renewal is lost", async () => {
  const { standIn, holder, said, stream } = await holderAlone();
  const { leaseTerm } = statusOf(holder);
  standIn.failAppends(stream, { stores: true, answer: unavailable });
  await signsOfLife(standIn, stream);
  await until(() => statusOf(holder).holdsLease);
  expect(statusOf(holder).leaseTerm).toBe(leaseTerm);
  expect(said.filter((text) => text.includes("no longer holds"))).toEqual([]);
});

test("that cannot be written is reported once, also to observers, and belongs to nobody", async () => {
  const { standIn, holder, said, stream } = await holderAlone();
  const denied: Failure = {
    code: status.PERMISSION_DENIED,
    details: "Access Denied",
    metadata: { exception: "access-denied" },
  };
  const fault = { stores: false, answer: denied };
  standIn.failAppends(stream, ...Array.from({ length: 200 }, () => fault));
  await until(() => !statusOf(holder).holdsLease);
  // Tried more than once: said once.
  const tried = standIn.appendsTo(stream).length;
  await until(() => standIn.appendsTo(stream).length > tried + 2);
  expect(said.filter((text) => text.includes("cannot be taken or renewed"))).toHaveLength(1);
  expect(statusOf(holder)).toMatchObject({ leaseHolder: null, mayHoldLease: true });
  expect(statusOf(holder).leaseError).not.toBeNull();
});

test("continues in another stream, with a larger term, if its stream was deleted for good, and observers notice", async () => {
  const { standIn, holder, said, stream } = await holderAlone();
  const prefix = stream.slice("control.".length, -"lease".length);
  const other = await ledgerOn(standIn.url, prefix).open();
  await until(() => statusOf(other).leaseHolder === statusOf(holder).leaseHolder);
  const { leaseTerm } = statusOf(holder);
  standIn.log.tombstone(stream);
  await until(() => !statusOf(holder).holdsLease);
  await until(() => {
    const held = [holder, other].filter((store) => statusOf(store).holdsLease);
    expect(held.length).toBeLessThan(2);
    return held.length === 1;
  });
  const [taker] = [holder, other].filter((store) => statusOf(store).holdsLease);
  if (taker === undefined) throw new Error("nobody holds it");
  expect(statusOf(taker).leaseTerm).toBeGreaterThan(Number(leaseTerm));
  for (const store of [holder, other]) {
    expect(statusOf(store).leaseError).toContain(`${stream} was deleted for good`);
  }
  expect(said.filter((text) => text.includes("was deleted for good"))).toHaveLength(1);
  // An instance that comes later finds it there too.
  const later = await ledgerOn(standIn.url, prefix).open();
  await until(() => statusOf(later).leaseHolder === statusOf(taker).leaseHolder);
  expect(standIn.log.stream(`${stream}-2`).length).toBeGreaterThan(0);
});

test("is never taken by an observer, which reports who holds it", async () => {
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
