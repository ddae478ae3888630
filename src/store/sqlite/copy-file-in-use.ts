/** Copies a ledger's file, consistent as of one moment, while others read it and one process appends to it. */
import { existsSync } from "node:fs";
import { backup } from "node:sqlite";
import { LedgerError } from "../../errors.ts";
import { assertFileName } from "./files/file-name.ts";
import { openForReading } from "./schema/schema.ts";

/** More pages than a file can have, so that one step copies all of them. */
const allPages = 0x7fff_ffff;

/**
 * Throws `invalid-request` if there already is a file at `to`, or `to` is no name of a file. The copy uses a connection of
 * its own: on the writer's connection, commits would run between the steps of the copy, and SQLite could confuse the results
 * of the two. It copies in one step, because a copy in steps starts again after each commit.
 */
export async function copyFileInUse(from: string, to: string): Promise<void> {
  assertFileName(to);
  if (existsSync(to)) throw new LedgerError("invalid-request", `${to} already exists`);
  const source = openForReading(from);
  try {
    await backup(source, to, { rate: allPages });
  } finally {
    source.close();
  }
}
