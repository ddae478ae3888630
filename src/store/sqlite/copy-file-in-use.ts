/** A copy of a ledger's file, whole as of one moment, while others read it and one appends to it. */
import { existsSync } from "node:fs";
import { backup } from "node:sqlite";
import { LedgerError } from "../../errors.ts";
import { assertFileName } from "./files/file-name.ts";
import { openForReading } from "./schema/schema.ts";

/** More pages than a file can have: all of them in one step. */
const allPages = 0x7fff_ffff;

/**
 * Throws `invalid-request` if there is a file at `to`, or `to` names none. The copy is made through a connection of its own:
 * on the writer's, a commit would come between its steps, and an answer of the one would be taken for
 * that of the other. All at once: in steps it would start again with each commit.
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
