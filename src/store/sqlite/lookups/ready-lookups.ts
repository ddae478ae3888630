/** Opens the lookups of a ledger's file, and makes them where they are not as they should be. */
import { DatabaseSync } from "node:sqlite";
import { isLedgerError } from "../../../errors.ts";
import type { LedgerError } from "../../../errors.ts";
import type { LookupDifference } from "../../leaf-store.ts";
import type { Say } from "../../telling.ts";
import type { EventRows } from "../rows/event-rows.ts";
import { hasLookups, lookupFormatOf, pragma } from "../rows/file-format.ts";
import type { LeafReader } from "../rows/leaf-reader.ts";
import { unavailable } from "../rows/sqlite-error.ts";
import { FullBlocks } from "./full-blocks.ts";
import { LedgerIndex } from "./ledger-index.ts";
import type { Lookups } from "./lookups.ts";
import { LookupRows, lookupsTable, newHeader } from "./lookup-rows.ts";
import { hasRoot, madeBlocks } from "./make-blocks.ts";
import { randomSeeds, SeededHash } from "./seeded-hash.ts";

export interface LookupSettings {
  readonly db: DatabaseSync;
  readonly rows: EventRows;
  readonly leaves: LeafReader;
  readonly blockEvents: number;
  readonly say?: Say | undefined;
}

/** For the writer, with everything loaded. A file of the format before gets its lookups and loses its index of streams. */
export async function lookupsForWriting(settings: LookupSettings): Promise<Lookups> {
  const { db, rows, say = () => undefined } = settings;
  const isOld = !hasLookups(pragma(db, "user_version"));
  const found = isOld ? null : await loaded(settings, say);
  if (found !== null) return found;
  if (isOld && rows.lastSequence() > 0) {
    say(
      "the ledger's file is being brought to the present format; the events stay as they are",
      "info",
    );
  }
  const made = await inTransaction(db, async () => {
    if (isOld) db.exec(lookupsTable);
    const lookups = await madeLookups(settings, new LookupRows(db));
    if (isOld) {
      db.exec("DROP INDEX events_by_stream");
      db.exec(`PRAGMA user_version = ${lookupFormatOf(pragma(db, "user_version"))}`);
    }
    return lookups;
  });
  await made.index.load();
  return made;
}

/** The lookups in the file with everything loaded; `null` if they are not those of its events. */
async function loaded(settings: LookupSettings, say: Say): Promise<Lookups | null> {
  const { db, rows, blockEvents } = settings;
  try {
    const found = kept(settings, new LookupRows(db));
    if (found?.blocks.count !== Math.floor(rows.lastSequence() / blockEvents)) return null;
    await found.index.load();
    return found;
  } catch (error) {
    if (!isDamaged(error)) throw error;
    say(`${error.message}. They are being made anew`, "warn");
    return null;
  }
}

/** Whether something else than an event is wrong: of an event, the error says which. */
function isDamaged(error: unknown): error is LedgerError {
  return isLedgerError(error, "corrupt-event") && error.extra["sequence"] === undefined;
}

/** For a reader. A file whose lookups cannot be used gets some in a temporary file, which is gone when it ends. */
export async function lookupsForReading(settings: LookupSettings): Promise<Lookups> {
  const { db } = settings;
  try {
    const found = hasLookups(pragma(db, "user_version"))
      ? kept(settings, new LookupRows(db))
      : null;
    if (found !== null) return found;
  } catch (error) {
    if (!isDamaged(error)) throw error;
  }
  const temporary = new DatabaseSync("");
  try {
    temporary.exec(lookupsTable);
    return await madeLookups(settings, new LookupRows(temporary), () => temporary.close());
  } catch (error) {
    temporary.close();
    throw error;
  }
}

/** `null` if the rows were made otherwise than this version does. */
function kept(settings: LookupSettings, rows: LookupRows): Lookups | null {
  const header = rows.header(settings.blockEvents);
  return header === null ? null : withRows(settings, rows, new SeededHash(header.seeds));
}

/** Makes all rows anew from the events. */
async function madeLookups(
  settings: LookupSettings,
  rows: LookupRows,
  close?: () => void,
): Promise<Lookups> {
  // A reader of the file goes on with the seeds that it knows.
  const seeds = rows.header(settings.blockEvents)?.seeds ?? randomSeeds();
  const hash = new SeededHash(seeds);
  rows.restart(newHeader(settings.blockEvents, seeds));
  const upTo = settings.rows.lastSequence();
  for await (const block of madeBlocks({ ...settings, hash }, upTo)) {
    for (const row of block) rows.insert(row);
  }
  return withRows(settings, rows, hash, close);
}

function withRows(
  { rows: events, blockEvents }: LookupSettings,
  rows: LookupRows,
  hash: SeededHash,
  close: () => void = () => undefined,
): Lookups {
  const blocks = new FullBlocks(rows, hash, blockEvents);
  blocks.recount();
  return { index: new LedgerIndex(events, blocks, hash), blocks, hash, rows, close };
}

async function inTransaction<T>(db: DatabaseSync, work: () => Promise<T>): Promise<T> {
  try {
    db.exec("BEGIN IMMEDIATE");
    const done = await work();
    db.exec("COMMIT");
    return done;
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw isLedgerError(error) ? error : unavailable("a write to the ledger", error);
  }
}

/** Why the lookups do not find what the events up to a sequence say; `null` if they do. */
export async function lookupDifference(
  settings: LookupSettings,
  { rows, hash }: Lookups,
  upTo: number,
): Promise<LookupDifference | null> {
  let after = 0;
  for await (const block of madeBlocks({ ...settings, hash }, upTo)) {
    if (!rows.hasExactly(block)) {
      const last = after + settings.blockEvents;
      const message = `the lookups of events ${after + 1} to ${last} differ from the events; they find other events than are there`;
      return { sequence: after + 1, message };
    }
    after += settings.blockEvents;
  }
  return null;
}

/** The kept root over the leaves of a whole block; `null` if none is kept. */
export function keptRoot({ blocks }: Lookups, from: number, to: number): Buffer | null {
  const block = from / blocks.blockEvents;
  if (to - from !== blocks.blockEvents || !Number.isInteger(block) || block >= blocks.count) {
    return null;
  }
  const { root } = blocks.summary(block);
  return hasRoot(root) ? root : null;
}
