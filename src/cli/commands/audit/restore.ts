/** `fleetledger restore`: a ledger from a backup or from a bundle, once it is verified. */
import { DatabaseSync } from "node:sqlite";
import { open, stat } from "node:fs/promises";
import { rmSync } from "node:fs";
import { bundleFormats } from "../../../verify/bundle.ts";
import { restoreBundle } from "../../../copies/restore-bundle.ts";
import type { Verification, VerifyOptions } from "../../../verify/verify.ts";
import { verifyBundle, verifyStore } from "../../../verify/verify.ts";
import { LedgerError } from "../../../errors.ts";
import { openStore } from "../../../ledger/open-store.ts";
import { openEmbeddedStore } from "../../../store/sqlite/embedded.ts";
import { newKey, parseVerifier } from "../../../tree/signed-note.ts";
import type { NoteVerifier } from "../../../tree/signed-note.ts";
import { leafStore } from "../../../store/leaf-store.ts";
import { isDamage } from "../../../store/sqlite/rows/sqlite-error.ts";
import { lockForWriting } from "../../../store/sqlite/files/writer-lock.ts";
import { copyToFile, sqlitePath } from "./backup.ts";
import { storeOption } from "../../options/command.ts";
import type { AddCommand } from "../../options/command.ts";
import { readCheckpoint, readVerifier } from "../../options/key-files.ts";
import { startProgress } from "../../terminal/progress.ts";
import { withStepProgress } from "../../terminal/step-progress.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { exitCodes, UsageError } from "../../terminal/terminal.ts";
import { verificationText } from "./verify.ts";
import { makeWhole, refuseExisting } from "../../terminal/whole-file.ts";

interface RestoreOptions {
  readonly store: string;
  readonly key?: string;
  readonly unsealed?: true;
  readonly since?: string;
}

interface Restoring {
  readonly terminal: Terminal;
  readonly file: string;
  readonly verifying: VerifyOptions;
}

export const addRestore: AddCommand = (program, { terminal, done }) => {
  program
    .command("restore")
    .description(
      "Make a ledger from a backup or a bundle, after verifying tree head, seals and signatures.",
    )
    .argument("<file>", "what `backup` or `export --bundle` wrote")
    .addOption(storeOption())
    .option("--key <file>", "the public key (ledger.pub) for its seals")
    .option(
      "--unsealed",
      "instead of --key: the ledger was never sealed, so no signature vouches for it",
    )
    .option(
      "--since <file>",
      "a checkpoint seen before, or the file of `serve --seal-to`, which the history must extend",
    )
    .action(async (file: string, options: RestoreOptions) => {
      const target = sqlitePath(options.store);
      refuseLedgerAt(target);
      const verifier = await verifierOf(options);
      const since =
        options.since === undefined ? undefined : await readCheckpoint(options.since, verifier);
      const isBundle = await beginsAsBundle(file);
      const verifying = { verifier, since, mayBeUnsealed: options.unsealed };
      const restoring = { terminal, file, verifying };
      const isGood = await writeLedger(target, async (part) =>
        isBundle ? await fromBundle(restoring, part) : await fromBackup(restoring, part),
      );
      if (isGood) terminal.say(`restored: ${options.store}`);
      else {
        terminal.say(`not restored: ${file} does not verify, for the reasons above`);
        done(exitCodes.finding);
      }
    });
};

/** For a ledger that was never sealed, a new key that has signed nothing: any seal in it is then refused. */
async function verifierOf({ key, unsealed }: RestoreOptions): Promise<NoteVerifier> {
  if (key !== undefined && unsealed === undefined) return readVerifier(key);
  if (key === undefined && unsealed !== undefined)
    return parseVerifier(newKey("no-key.invalid/unsealed").verifier);
  throw new UsageError(
    "restore needs either --key FILE, the public key for the seals, or --unsealed for a ledger that was never sealed",
  );
}

function refuseLedgerAt(target: string): void {
  for (const suffix of ["", "-wal", "-shm"]) refuseExisting(`${target}${suffix}`);
}

class NotGood extends Error {}

/**
 * Creates the ledger under its name, or leaves nothing behind. Meanwhile no other process can create a ledger of that
 * name.
 */
async function writeLedger(
  target: string,
  make: (part: string) => Promise<Verification>,
): Promise<boolean> {
  const lock = lockForWriting(target);
  let isMade = false;
  try {
    refuseLedgerAt(target);
    await makeWhole(target, async (part) => {
      const { findings } = await make(part);
      if (findings.length > 0) throw new NotGood();
      // Files derived from an earlier ledger of that name do not belong to this one.
      rmSync(`${target}.head`, { force: true });
      for (const suffix of ["", ".new", "-wal", "-shm"]) {
        rmSync(`${target}.derived${suffix}`, { force: true });
      }
    });
    isMade = true;
  } catch (error) {
    if (!(error instanceof NotGood)) throw error;
  } finally {
    if (!isMade) rmSync(`${target}.lock`, { force: true });
    lock.release();
  }
  return isMade;
}

async function fromBackup(
  { terminal, file, verifying }: Restoring,
  part: string,
): Promise<Verification> {
  try {
    const source = await openEmbeddedStore({ path: file, mode: "read" });
    try {
      await copyToFile(source, part);
    } finally {
      await source.close();
    }
    assertWhole(file, part);
  } catch (error) {
    if (!(error instanceof Error) || !isDamage(error)) throw error;
    const detail = `${file} is damaged or truncated (${error.message})`;
    throw new LedgerError("corrupt-event", detail, { cause: error });
  }
  // The copy itself is verified: it gets its name only if it is good.
  const store = await openStore(`sqlite:${part}`, "read");
  try {
    const result = await withStepProgress(terminal, (onProgress) =>
      verifyStore(leafStore(store), { ...verifying, onProgress }),
    );
    await terminal.out(verificationText(result));
    return result;
  } finally {
    await store.close();
  }
}

/** All events may be right and yet the indexes by which they are found be damaged. Throws `corrupt-event`. */
function assertWhole(file: string, part: string): void {
  const db = new DatabaseSync(part, { readOnly: true });
  try {
    const [first] = db.prepare("PRAGMA integrity_check(1)").all();
    const found = String(first?.["integrity_check"]);
    if (found === "ok") return;
    throw new LedgerError("corrupt-event", `${file} is damaged: ${found}`);
  } finally {
    db.close();
  }
}

async function fromBundle(
  { terminal, file, verifying }: Restoring,
  part: string,
): Promise<Verification> {
  const result = await withStepProgress(terminal, (onProgress) =>
    verifyBundle(file, { ...verifying, onProgress }),
  );
  await terminal.out(verificationText(result));
  if (result.findings.length > 0) return result;
  const store = await openEmbeddedStore({ path: part, mode: "write" });
  const progress = startProgress(terminal, "restoring");
  try {
    const { head } = result;
    await restoreBundle(file, store, { head, onProgress: progress.update });
  } finally {
    progress.stop();
    await store.close();
  }
  return result;
}

async function beginsAsBundle(file: string): Promise<boolean> {
  if (!(await stat(file)).isFile()) throw new UsageError(`${file} is not a file`);
  const handle = await open(file, "r");
  try {
    const marks = bundleFormats.map((format) => Buffer.from(`${format}\n`));
    const longest = Math.max(...marks.map((mark) => mark.length));
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(longest), 0, longest, 0);
    const begin = buffer.subarray(0, bytesRead);
    return marks.some((mark) => begin.subarray(0, mark.length).equals(mark));
  } finally {
    await handle.close();
  }
}
