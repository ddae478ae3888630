/** The lease, held by a process of its own that is killed, stopped and ended. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { EventStoreDBClient } from "@eventstore/db-client";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import type { DataOf } from "../../src/events/catalogue.ts";
import { LedgerError } from "../../src/errors.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { freshFolder, ledgerOn, statusOf, until } from "./ledger-on-server.ts";
import { sayWhySkipped, sharedServer, stopSharedServer, whyNoServer } from "./server.ts";

sayWhySkipped(whyNoServer);
afterAll(stopSharedServer);

const program = join(import.meta.dirname, "seal-until-stopped.ts");
const holderName = "holder";

interface Holder {
  readonly child: ChildProcess;
  /** What it said last. */
  readonly holds: () => boolean;
  readonly lines: () => number;
}

async function startHolder(store: string): Promise<Holder> {
  const child = spawn(process.execPath, [program, store, holderName], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let last = "";
  let lines = 0;
  child.stdout.on("data", (bytes: Buffer) => {
    const said = bytes.toString().trimEnd().split("\n");
    last = said.at(-1) ?? last;
    lines += said.length;
  });
  const holder = { child, holds: () => last === "true", lines: () => lines };
  await until(holder.holds);
  return holder;
}

/** A holder, and an instance that waits for its lease. */
async function holderAndOther(): Promise<{ holder: Holder; other: Ledger }> {
  const on = ledgerOn(await sharedServer());
  const holder = await startHolder(on.name(freshFolder()));
  const other = await openLedger({ store: on.name(freshFolder()), mode: "write" });
  onTestFinished(() => other.close());
  await pause(1_500);
  expect(statusOf(other.store).holdsLease).toBe(false);
  return { holder, other };
}

/** Waits for the takeover and tells how long it took; where timings are asked for, it is false if that was too long. */
async function takenOver(other: Ledger, how: string): Promise<boolean> {
  const since = performance.now();
  await until(() => statusOf(other.store).holdsLease);
  const ms = Math.round(performance.now() - since);
  console.log(`the lease of a holder that was ${how} was taken over after ${ms} ms`);
  return process.env["FLEETLEDGER_TIMINGS"] !== "1" || ms <= 10_000;
}

async function submitOne(ledger: Ledger): Promise<void> {
  const id = crypto.randomUUID();
  const data = { cluster: "alpha", node: "n1", faultId: id, category: "hardware" };
  const event = { id, type: "NodeFailed", occurredAt: "2026-03-01T10:00:00Z", data };
  const [submission] = await ledger.submit([event]);
  expect(submission?.status).toBe("appended");
}

/** Seals that the holder has made. */
async function sealsOfHolder({ store }: Ledger): Promise<number> {
  const seals = await store.query({ type: "LedgerSealed", after: 0, limit: 1_000 });
  return seals.filter(({ data }) =>
    (data as DataOf<"LedgerSealed">).checkpoint.startsWith(`${holderName}\n`),
  ).length;
}

describe.skipIf(whyNoServer !== null)("the lease", () => {
  test("is taken over from a holder that is killed", async () => {
    const { holder, other } = await holderAndOther();
    await submitOne(other);
    await until(async () => (await sealsOfHolder(other)) > 0);
    holder.child.kill("SIGKILL");
    expect(await takenOver(other, "killed")).toBe(true);
  });

  test("is taken over from a suspended holder, which does not seal when it resumes", async () => {
    const { holder, other } = await holderAndOther();
    holder.child.kill("SIGSTOP");
    expect(await takenOver(other, "stopped")).toBe(true);
    const term = statusOf(other.store).leaseTerm;
    await submitOne(other);
    const before = await sealsOfHolder(other);
    const lines = holder.lines();
    holder.child.kill("SIGCONT");
    await until(() => holder.lines() > lines + 60);
    expect(holder.holds()).toBe(false);
    for (let i = 0; i < 3; i++) {
      await submitOne(other);
      await pause(200);
    }
    // The one that was on its way when it was stopped does no harm.
    expect((await sealsOfHolder(other)) - before).toBeLessThanOrEqual(1);
    expect(holder.holds()).toBe(false);
    expect(statusOf(other.store)).toMatchObject({ holdsLease: true, leaseTerm: term });
  });

  test("continues in the next stream if its own was deleted for good", async () => {
    const on = ledgerOn(await sharedServer());
    const store = await on.open();
    await until(() => statusOf(store).holdsLease);
    const client = EventStoreDBClient.connectionString(await sharedServer());
    onTestFinished(() => client.dispose());
    await client.tombstoneStream(`control.${on.prefix}lease`);
    await until(() => statusOf(store).leaseError !== null);
    await until(() => statusOf(store).holdsLease);
    expect(statusOf(store).leaseTerm).toBeGreaterThanOrEqual(2 ** 40);
    expect(statusOf(store).leaseError).toContain("was deleted for good");
  });

  test("is left to others by a holder whose mirror has stopped", async () => {
    const on = ledgerOn(await sharedServer());
    const holder = await on.open();
    await until(() => statusOf(holder).holdsLease);
    const other = await openLedger({ store: on.name(freshFolder()), mode: "write" });
    onTestFinished(() => other.close());
    holder.distrust?.(new LedgerError("corrupt-event", "it is not what it was"), null);
    expect(await takenOver(other, "distrusted")).toBe(true);
    expect(statusOf(holder)).toMatchObject({ holdsLease: false, mirrorState: "stopped" });
  });

  test("is released when its holder stops", async () => {
    const { holder, other } = await holderAndOther();
    holder.child.kill("SIGTERM");
    expect(await takenOver(other, "ended")).toBe(true);
  });
});
