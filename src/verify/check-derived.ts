/**
 * Whether the file of what is derived from a ledger's events is what these events give. It is unsigned: what a
 * segment says of itself shows another ledger's, not one that was edited together with its own hash. So each
 * segment is made again from the events and compared to the byte.
 */
import type { EventSegment } from "../read-model/columns/event-columns.ts";
import { definitionHash } from "../read-model/snapshots/definition-hash.ts";
import { LiveModel } from "../read-model/live/live-model.ts";
import type { FoundSegment } from "../read-model/snapshots/snapshot-file.ts";
import { segmentHash, SnapshotFile } from "../read-model/snapshots/snapshot-file.ts";
import { strangeness } from "../read-model/snapshots/segment-source.ts";
import { isLedgerError } from "../errors.ts";
import { segmentEvents } from "../limits/read-model.ts";
import { derivedSuffix, statOf } from "../store/sqlite/files/side-files.ts";
import type { LeafStore } from "../store/leaf-store.ts";
import type { Flaw } from "./check-history.ts";

interface DerivedCheck {
  readonly flaws: readonly Flaw[];
  /** What was checked; `null` where there is no such file. */
  readonly words: string | null;
}

interface DerivedOptions {
  readonly sequence: number;
  /** Left out: that of `limits/`. */
  readonly segmentEvents?: number;
  readonly onProgress?: (events: number) => void;
}

const notThere: DerivedCheck = { flaws: [], words: null };

/** The file beside the store's own, held against the events up to a sequence. */
export async function checkDerived(
  store: LeafStore,
  { sequence, segmentEvents: size = segmentEvents, onProgress }: DerivedOptions,
): Promise<DerivedCheck> {
  if (store.localPath === undefined) return notThere;
  const path = `${store.localPath}${derivedSuffix}`;
  if (statOf(path)?.isFile() !== true) return notThere;
  const file = SnapshotFile.open(path, "read", size);
  if (file === null) return notThere;
  try {
    const snapshot = file.read();
    if (snapshot === null) return { flaws: [], words: "begun anew by the next start" };
    if (snapshot.definitionHash !== definitionHash()) {
      return {
        flaws: [],
        words: "made by another version, not compared: it is replaced at the start",
      };
    }
    return await compare(store, { path, segments: snapshot.segments, sequence, size }, onProgress);
  } finally {
    file.close();
  }
}

interface Comparing {
  readonly path: string;
  readonly segments: Iterable<FoundSegment>;
  readonly sequence: number;
  readonly size: number;
}

async function compare(
  store: LeafStore,
  { path, segments, sequence, size }: Comparing,
  onProgress: ((events: number) => void) | undefined,
): Promise<DerivedCheck> {
  const fresh = freshSegments(store, sequence, size);
  let after = 0;
  for (const found of segments) {
    // Written while this runs: of events that are not looked at.
    if (after + size > sequence) break;
    const why = (await strangeness(store, found, after)) ?? (await difference(found, fresh));
    if (why !== null) {
      const message = `${path} gives other figures than the events: ${why}. Stop what serves the ledger and delete that file; it is made again`;
      return {
        flaws: [{ sequence: after + 1, message }],
        words: "compared until something was wrong",
      };
    }
    after += size;
    onProgress?.(after);
  }
  return { flaws: [], words: `of the first ${after} events, made again from them and compared` };
}

async function difference(
  found: FoundSegment,
  fresh: AsyncIterator<EventSegment, null>,
): Promise<string | null> {
  const { first, size } = found.source;
  const { value } = await fresh.next();
  if (value === null) return null;
  const isSame = segmentHash(value, found.source) === segmentHash(found.segment, found.source);
  return isSame ? null : `what it has of the events ${first} to ${first + size - 1} was changed`;
}

/** Segments made from the events as they stand; ends where one cannot be read, which is told elsewhere. */
async function* freshSegments(
  store: LeafStore,
  upTo: number,
  size: number,
): AsyncGenerator<EventSegment, null> {
  const model = new LiveModel({ segmentEvents: size });
  let given = 0;
  try {
    for await (const batch of store.readAll(0, { upTo })) {
      model.apply(batch);
      for (const segment of model.fullSegments.slice(given)) {
        given++;
        yield segment;
      }
    }
  } catch (error) {
    if (!isLedgerError(error, "corrupt-event")) throw error;
  }
  return null;
}
