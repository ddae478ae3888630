/** `fleetledger export`: every event, as lines that `import events --keep-recorded-at` takes. */
import { open, rename, rm } from "node:fs/promises";
import { canonicalJson } from "../events/canonical.ts";
import type { StoredEvent } from "../events/envelope.ts";
import { openStore } from "../ledger/open-store.ts";
import type { EventStore } from "../store/event-store.ts";
import { formatInstant } from "../time/instant.ts";
import { storeOption } from "./command.ts";
import type { AddCommand } from "./command.ts";
import { number } from "./figures-text.ts";
import { LineFile } from "./line-file.ts";
import type { Progress } from "./progress.ts";
import { startProgress } from "./progress.ts";

export const addExport: AddCommand = (program, { terminal }) => {
  program
    .command("export")
    .description("Write every event as NDJSON, for `import events --keep-recorded-at`.")
    .argument("<file>", "the file to write; - is standard output")
    .addOption(storeOption())
    .action(async (file: string, { store: name }: { store: string }) => {
      const store = await openStore(name, "read");
      const progress = startProgress(terminal, "exporting");
      try {
        const count = await exportTo(store, file, terminal.out, progress);
        progress.stop();
        terminal.say(`${number(count)} events exported`);
      } finally {
        progress.stop();
        await store.close();
      }
    });
};

async function exportTo(
  store: EventStore,
  file: string,
  out: (text: string) => Promise<void>,
  progress: Progress,
): Promise<number> {
  if (file === "-") return await writeLines(store, out, progress);
  // A file of that name is there whole or not at all.
  const part = `${file}.part`;
  try {
    const lines = new LineFile(part);
    const count = await writeLines(store, (text) => lines.write(text), progress);
    await lines.close();
    const handle = await open(part, "r+");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(part, file);
    return count;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function writeLines(
  store: EventStore,
  write: (text: string) => Promise<void>,
  progress: Progress,
): Promise<number> {
  const { sequence: upTo } = await store.head();
  let count = 0;
  for await (const batch of store.readAll(0, { upTo })) {
    await write(batch.map((event) => `${exportLine(event)}\n`).join(""));
    count += batch.length;
    progress.update(count, upTo);
  }
  return count;
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
