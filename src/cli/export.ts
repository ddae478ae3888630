/** `fleetledger export`: every event, as lines that `import events --keep-recorded-at` takes, or as a bundle. */
import { bundleText } from "../audit/bundle.ts";
import { signCheckpoint } from "../audit/checkpoint.ts";
import { openLedgerTree } from "../audit/ledger-tree.ts";
import { hashSizeBytes } from "../audit/merkle-hash.ts";
import { MerkleTree } from "../audit/merkle-tree.ts";
import type { NoteSigner } from "../audit/signed-note.ts";
import { canonicalJson } from "../events/canonical.ts";
import { isOwnType } from "../events/catalogue.ts";
import type { StoredEvent } from "../events/envelope.ts";
import { PackedHashes } from "../events/leaf-hash.ts";
import { LedgerError } from "../errors.ts";
import { openStore } from "../ledger/open-store.ts";
import type { EventStore } from "../store/event-store.ts";
import { leafStore } from "../store/leaf-store.ts";
import { formatInstant } from "../time/instant.ts";
import { storeOption } from "./command.ts";
import type { AddCommand } from "./command.ts";
import { number } from "./figures-text.ts";
import { readSigner } from "./key-files.ts";
import type { Progress } from "./progress.ts";
import { startProgress } from "./progress.ts";
import { UsageError } from "./terminal.ts";
import { writeWhole } from "./whole-file.ts";

interface ExportOptions {
  readonly store: string;
  readonly bundle?: boolean;
  readonly key?: string;
}

interface Exported {
  readonly events: number;
  /** The ledger's own events, which no import takes. */
  readonly leftOut: number;
}

type Write = (text: string) => Promise<void>;

export const addExport: AddCommand = (program, { terminal }) => {
  program
    .command("export")
    .description("Write every event as NDJSON, for `import events --keep-recorded-at`.")
    .argument("<file>", "the file to write; - is standard output")
    .addOption(storeOption())
    .option("--bundle", "write a bundle instead: all events and a signed checkpoint, for `verify`")
    .option("--key <file>", "the secret key (ledger.key) that signs the bundle's checkpoint")
    .action(async (file: string, options: ExportOptions) => {
      const signer = await signerOf(options);
      const store = await openStore(options.store, "read");
      const progress = startProgress(terminal, "exporting");
      try {
        const work = (write: Write): Promise<Exported> =>
          signer === null
            ? writeLines(store, write, progress)
            : writeBundle(store, signer, write, progress);
        const { events, leftOut } = await (file === "-"
          ? work(terminal.out)
          : writeWhole(file, work));
        progress.stop();
        terminal.say(`${number(events)} events exported`);
        if (leftOut > 0) {
          terminal.say(
            `${number(leftOut)} of the ledger's own (seals, issued reports, zone tables) are left out: a bundle or a backup has them`,
          );
        }
      } finally {
        progress.stop();
        await store.close();
      }
    });
};

async function signerOf({ bundle, key }: ExportOptions): Promise<NoteSigner | null> {
  if (bundle !== true) {
    if (key !== undefined) throw new UsageError("--key goes with --bundle");
    return null;
  }
  if (key === undefined) throw new UsageError("--bundle needs --key, the secret key that signs it");
  return await readSigner(key);
}

async function writeLines(store: EventStore, write: Write, progress: Progress): Promise<Exported> {
  const { sequence: upTo } = await store.head();
  let events = 0;
  let seen = 0;
  for await (const batch of store.readAll(0, { upTo })) {
    const lines = batch
      .filter(({ type }) => !isOwnType(type))
      .map((event) => `${exportLine(event)}\n`);
    await write(lines.join(""));
    events += lines.length;
    seen += batch.length;
    progress.update(seen, upTo);
  }
  return { events, leftOut: seen - events };
}

/**
 * Signs what is written: the tree is built from the texts. Throws `corrupt-event` if it is not the tree
 * over the hashes that were stored with the events: a changed history is not signed.
 */
async function writeBundle(
  store: EventStore,
  signer: NoteSigner,
  write: Write,
  progress: Progress,
): Promise<Exported> {
  const source = leafStore(store);
  const { sequence: upTo } = await source.head();
  const hashes = new PackedHashes();
  async function* leaves(): AsyncGenerator<readonly string[]> {
    for await (const batch of source.readLeaves(0, { upTo })) {
      for (const leaf of batch) hashes.add(leaf);
      progress.update(hashes.length, upTo);
      yield batch;
    }
  }
  const checkpoint = async (): Promise<string> => {
    const all = hashes.bytes();
    const tree = new MerkleTree(async (from, to) =>
      all.subarray(from * hashSizeBytes, to * hashSizeBytes),
    );
    tree.appendAll(all);
    const root = await tree.root();
    const stored = await openLedgerTree(source);
    if (!root.equals(await stored.root(upTo))) {
      const why = "the events are not those whose hashes were stored with them: see verify --store";
      throw new LedgerError("corrupt-event", why);
    }
    return signCheckpoint({ origin: signer.name, size: BigInt(upTo), root }, signer);
  };
  for await (const text of bundleText(leaves(), checkpoint)) await write(text);
  return { events: upTo, leftOut: 0 };
}

/** The event as its sender stated it, with the recorded time; its place follows from its line. */
function exportLine(event: StoredEvent): string {
  const { id, type, schemaVersion, occurredAt, recordedAt, data, attribution } = event;
  return canonicalJson({
    ...attribution,
    id,
    type,
    schemaVersion,
    occurredAt: formatInstant(occurredAt),
    recordedAt: formatInstant(recordedAt),
    data,
  });
}
