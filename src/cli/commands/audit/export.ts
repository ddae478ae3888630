/** `fleetledger export`: every event, as lines that `import events --keep-recorded-at` takes, or as a bundle. */
import { bundleText } from "../../../verify/bundle.ts";
import type { StoredHashCheck } from "../../../verify/check-stored-hashes.ts";
import { checkStoredHashes } from "../../../verify/check-stored-hashes.ts";
import { signCheckpoint } from "../../../tree/checkpoint.ts";
import { hashSizeBytes } from "../../../events/canonical/merkle-hash.ts";
import { MerkleTree } from "../../../tree/merkle-tree.ts";
import { assertFits } from "../../../seals/past-seals.ts";
import type { NoteSigner } from "../../../tree/signed-note.ts";
import { canonicalJson } from "../../../events/canonical/canonical.ts";
import { isSystemEvent } from "../../../events/catalogue.ts";
import type { StoredEvent } from "../../../events/envelope.ts";
import { PackedHashes } from "../../../events/canonical/leaf-hash.ts";
import { sealsStream } from "../../../events/stream.ts";
import { LedgerError } from "../../../errors.ts";
import { openStore } from "../../../ledger/open-store.ts";
import type { EventStore } from "../../../store/port.ts";
import { leafStore } from "../../../store/leaf-store.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import { storeOption } from "../../options/command.ts";
import type { AddCommand } from "../../options/command.ts";
import { number } from "../../../reports/text/figures.ts";
import { readSealingKey } from "../../options/key-files.ts";
import { sayTo } from "../../options/open.ts";
import type { TableOptions } from "./export-table.ts";
import { addTableOptions, asksForTable, exportTable } from "./export-table.ts";
import type { Progress } from "../../terminal/progress.ts";
import { startProgress } from "../../terminal/progress.ts";
import { assertTrusted } from "../../options/trusted.ts";
import { UsageError } from "../../terminal/terminal.ts";
import { refuseExisting, writeWhole } from "../../terminal/whole-file.ts";

interface ExportOptions extends TableOptions {
  readonly bundle?: boolean;
  readonly key?: string;
}

interface Exported {
  readonly events: number;
  /** Number of system events, which cannot be imported. */
  readonly leftOut: number;
}

type Write = (text: string) => Promise<void>;

export const addExport: AddCommand = (program, { terminal }) => {
  const command = program
    .command("export")
    .description(
      "Write every event as NDJSON, for `import events --keep-recorded-at`; or a table as NDJSON, CSV or Parquet.",
    )
    .argument("<file>", "the new file to write; - means standard output")
    .addOption(storeOption())
    .option("--bundle", "write a bundle instead: all events and a signed checkpoint, for `verify`")
    .option("--key <file>", "the secret key (ledger.key) that signs the bundle's checkpoint");
  addTableOptions(command).action(async (file: string, options: ExportOptions) => {
    const key = keyOf(options);
    if (file !== "-") refuseExisting(file);
    if (asksForTable(options)) {
      if (key !== null)
        throw new UsageError(
          "--bundle has all events in a form of its own: leave out --table, --format and --as-of",
        );
      await exportTable(terminal, file, options);
      return;
    }
    const store = await openStore(options.store, "read", { say: sayTo(terminal) });
    const progress = startProgress(terminal, "exporting");
    try {
      await assertTrusted(terminal, options.store, store);
      const signer = key === null ? null : await readSealingKey(key, { store });
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
          `${number(leftOut)} system events (seals, issued reports, zone tables) are not exported; a bundle or a backup has them`,
        );
      }
    } finally {
      progress.stop();
      await store.close();
    }
  });
};

/** The file of the key that signs; `null` where nothing is signed. */
function keyOf({ bundle, key }: ExportOptions): string | null {
  if (bundle !== true) {
    if (key !== undefined) throw new UsageError("--key needs --bundle");
    return null;
  }
  if (key === undefined) throw new UsageError("--bundle needs --key, the secret key that signs it");
  return key;
}

async function writeLines(store: EventStore, write: Write, progress: Progress): Promise<Exported> {
  const { sequence: upTo } = await store.head();
  let events = 0;
  let seen = 0;
  for await (const batch of store.readAll(0, { upTo })) {
    const lines = batch
      .filter(({ type }) => !isSystemEvent(type))
      .map((event) => `${exportLine(event)}\n`);
    await write(lines.join(""));
    events += lines.length;
    seen += batch.length;
    progress.update(seen, upTo);
  }
  return { events, leftOut: seen - events };
}

/**
 * Writes and signs the bundle if the events are those that were stored. Throws `corrupt-event`, naming the first event
 * that is not.
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
    const leafHashes = hashes.bytes();
    const stored = await checkStoredHashes(source, { events: upTo, leafHashes, sealedEvents: 0 });
    assertMayBeSigned(stored);
    const tree = new MerkleTree(async (from, to) =>
      leafHashes.subarray(from * hashSizeBytes, to * hashSizeBytes),
    );
    tree.appendAll(leafHashes);
    for await (const seal of store.readStream(sealsStream, 0n)) {
      if (seal.sequence <= upTo) await assertFits(seal, (size) => tree.root(size));
    }
    const root = await tree.root();
    return signCheckpoint({ origin: signer.name, size: BigInt(upTo), root }, signer);
  };
  const firstDecision = await source.firstDecision();
  const holdsDecisions = firstDecision !== null && firstDecision <= upTo;
  for await (const text of bundleText(leaves(), checkpoint, holdsDecisions)) await write(text);
  return { events: upTo, leftOut: 0 };
}

/** Refuses to sign a history that was changed. */
function assertMayBeSigned({ findings }: StoredHashCheck): void {
  const [finding] = findings;
  if (finding === undefined) return;
  const where = finding.sequence === null ? "" : `event ${finding.sequence}: `;
  throw new LedgerError(
    "corrupt-event",
    `${where}${finding.message}; run verify --store for details`,
    {
      extra: finding.sequence === null ? {} : { sequence: finding.sequence },
    },
  );
}

/** The event as its sender stated it, with its recorded time. Its sequence is implied by its line. */
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
