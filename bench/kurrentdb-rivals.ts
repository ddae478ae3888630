/**
 * Who appends to KurrentDB in the benches: the bare client, and the ledger until the server has acknowledged or until it
 * answers. All make the same call with the same credentials, unless told otherwise.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { EventStoreDBClient } from "@eventstore/db-client";
import { at } from "../projections/arithmetic/invariants.ts";
import { appendPatienceMs } from "../src/limits/kurrentdb.ts";
import type { EventStore, StreamAppend } from "../src/store/port.ts";
import { openKurrentDbStore } from "../src/store/kurrentdb/kurrentdb.ts";
import { appendPart } from "../src/store/kurrentdb/append.ts";
import { KurrentDbClient } from "../src/store/kurrentdb/client/client.ts";
import { parseKurrentDbName } from "../src/store/kurrentdb/client/name.ts";
import { freshPrefix } from "../test/kurrentdb/server.ts";
import { barePart, rateUnit } from "./kurrentdb-events.ts";
import { type BenchRow, median } from "./table.ts";

export const nobody = { username: "nobody", password: "none" };

type Credentials = typeof nobody;

export interface Ready {
  /** Appends parts, all at once: this is measured. */
  readonly append: (parts: readonly StreamAppend[]) => Promise<unknown>;
  /** Resolves when nothing of it goes on behind its back. */
  readonly settle: () => Promise<void>;
}

export interface Rival {
  readonly name: string;
  /** What its rate is held against, by name. */
  readonly of?: string;
  readonly aim?: number;
  /** Works with a rival that is ready; getting ready is not measured. */
  with(work: (ready: Ready) => Promise<void>): Promise<void>;
}

export function bareRival(
  name: string,
  client: EventStoreDBClient,
  given: { credentials?: Credentials },
): Rival {
  const prefix = freshPrefix();
  return {
    name,
    ...("credentials" in given ? {} : { of: "bare client" }),
    with: (work) =>
      work({
        append: async (parts) => {
          await Promise.all(
            parts.map((part) => {
              const { stream, records, expectedRevision } = barePart(part);
              const options = { ...given, expectedRevision, requiresLeader: true };
              return client.appendToStream(prefix + stream, [...records], options);
            }),
          );
        },
        settle: () => Promise.resolve(),
      }),
  };
}

/** The ledger, with a mirror that follows. */
export function ledgerRival(
  name: string,
  url: string,
  { until, ...aim }: { readonly until: "acknowledged" | "answered"; readonly aim?: number },
): Rival {
  const prefix = freshPrefix();
  const data = mkdtempSync(join(tmpdir(), "fleetledger-bench-"));
  const own = `${url}#${new URLSearchParams({ prefix, data }).toString()}`;
  process.once("exit", () => rmSync(data, { recursive: true, force: true }));
  return {
    name,
    of: "bare client",
    ...aim,
    with: async (work) => {
      const store = await openKurrentDbStore({ name: own, mode: "write" });
      const client = new KurrentDbClient(parseKurrentDbName(own));
      try {
        const append = until === "acknowledged" ? acknowledgedBy(client) : answeredBy(store);
        let { sequence } = await store.head();
        await work({
          append: async (parts) => {
            for (const { events } of parts) sequence += events.length;
            await append(parts);
          },
          settle: async () => {
            while ((await store.head()).sequence < sequence) await nextTurn();
          },
        });
      } finally {
        await client.dispose();
        await store.close();
      }
    },
  };
}

function acknowledgedBy(client: KurrentDbClient): Ready["append"] {
  const context = {
    counts: { retries: 0, unknownResolved: 0 },
    signal: new AbortController().signal,
  };
  return async (parts) => {
    const timed = { ...context, deadline: performance.now() + appendPatienceMs };
    const answers = await Promise.all(parts.map((part) => appendPart(client, part, timed)));
    if (!answers.every(({ kind }) => kind === "taken")) throw new Error("an append was not taken");
  };
}

function answeredBy(store: EventStore): Ready["append"] {
  return async (parts) => {
    for (const outcome of await store.append(parts)) {
      if (!outcome.ok) throw outcome.error;
      if (outcome.position.sequences === null) throw new Error("an answer has no sequences");
    }
  };
}

/** The median rate of each rival, in events a second, beside that of the first. */
export function rowsOf<M>(
  rivals: readonly (readonly [Rival, M])[],
  ratesOf: (measured: M) => readonly number[],
  bytesPerEvent: number,
): BenchRow[] {
  const rates = rivals.map(([, measured]) => median(ratesOf(measured)));
  return rivals.map(([{ name, of, aim }], i) => {
    const perSecond = at(rates, i);
    const unit = rateUnit(perSecond, bytesPerEvent);
    if (of === undefined) return { name, perSecond, unit };
    const ratio = { of, value: perSecond / at(rates, 0), ...(aim === undefined ? {} : { aim }) };
    return { name, perSecond, unit, ratio };
  });
}
