/** Ledgers on a server for tests: a prefix of their own, and mirrors in folders that go with the test. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { onTestFinished } from "vitest";
import type { EventStore, StoreStatus } from "../../src/store/port.ts";
import { openKurrentDbStore } from "../../src/store/kurrentdb/kurrentdb.ts";
import type { LeafStore } from "../../src/store/leaf-store.ts";
import { freshPrefix } from "./server.ts";

export interface LedgerOnServer {
  readonly prefix: string;
  /** Opens an instance with a mirror of its own, or with that of an earlier one. */
  readonly open: (mirror?: string) => Promise<LeafStore>;
  readonly name: (mirror: string) => string;
  /** What instances said. */
  readonly said: string[];
}

/** A folder that goes with the test. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-mirror-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function ledgerOn(server: string, prefix = freshPrefix()): LedgerOnServer {
  const said: string[] = [];
  const name = (mirror: string): string =>
    `${server}#${new URLSearchParams({ prefix, data: mirror }).toString()}`;
  return {
    prefix,
    name,
    said,
    open: async (mirror = freshFolder()) => {
      const store = await openKurrentDbStore({
        name: name(mirror),
        mode: "write",
        say: (text) => void said.push(text),
      });
      onTestFinished(() => store.close());
      return store;
    },
  };
}

export function statusOf(store: EventStore): StoreStatus {
  const status = store.status?.();
  if (status === undefined) throw new Error("the store tells nothing of itself");
  return status;
}

/** Waits until something is so: how long that takes decides nothing. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(20);
}

/** The canonical text of every event, in the order of sequence. */
export async function leavesOf(store: LeafStore): Promise<string[]> {
  const all: string[] = [];
  for await (const batch of store.readLeaves(0)) all.push(...batch);
  return all;
}
