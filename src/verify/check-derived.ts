/**
 * Checks the file of derived data against the ledger's events. It is unsigned: a segment's own hash reveals another
 * ledger's segment, but not an edited one with a new hash. So each segment is made again from the events and compared
 * byte by byte.
 */
import { keptWithin } from "../read-model/columns/stored-bytes.ts";
import type { SealedSegment } from "../read-model/columns/kept-segment.ts";
import { definitionHash } from "../read-model/snapshots/definition-hash.ts";
import { LiveModel } from "../read-model/live/live-model.ts";
import { DerivedFile, segmentHash } from "../read-model/snapshots/derived-file.ts";
import type {
  DerivedOptions as FileOptions,
  FoundSegment,
} from "../read-model/snapshots/derived-file.ts";
import { sealed, targetsIn } from "../read-model/snapshots/kept-model.ts";
import { strangeness } from "../read-model/snapshots/segment-source.ts";
import { isLedgerError } from "../errors.ts";
import { maxKeptPartBytes, segmentEvents } from "../limits/read-model.ts";
import { derivedSuffix, statOf } from "../store/sqlite/files/side-files.ts";
import type { LeafStore } from "../store/leaf-store.ts";
import type { Finding } from "./check-history.ts";

interface DerivedCheck {
  readonly findings: readonly Finding[];
  /** What was checked; `null` where there is no such file. */
  readonly words: string | null;
}

interface DerivedOptions {
  readonly sequence: number;
  /** Default: that of limits.ts. */
  readonly segmentEvents?: number;
  readonly onProgress?: (events: number) => void;
}

const notThere: DerivedCheck = { findings: [], words: null };

/** The derived file beside the store's own, compared with the events up to a sequence. */
export async function checkDerived(
  store: LeafStore,
  { sequence, segmentEvents: size = segmentEvents, onProgress }: DerivedOptions,
): Promise<DerivedCheck> {
  if (store.localPath === undefined) return notThere;
  const path = `${store.localPath}${derivedSuffix}`;
  if (statOf(path)?.isFile() !== true) return notThere;
  const file = DerivedFile.open(path, "read", fileOptions(size));
  if (file === null) return notThere;
  try {
    const snapshot = file.read();
    if (snapshot === null) return { findings: [], words: "started anew by the next start" };
    if (snapshot.definitionHash !== definitionHash()) {
      return {
        findings: [],
        words: "not compared, because another version made it; the next start replaces it",
      };
    }
    return await compare(store, { path, segments: snapshot.segments, sequence, size }, onProgress);
  } finally {
    file.close();
  }
}

interface Comparing {
  readonly path: string;
  readonly segments: AsyncIterable<FoundSegment>;
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
  for await (const found of segments) {
    // Written while this runs, for events that are not looked at.
    if (after + size > sequence) break;
    const why = (await strangeness(store, found, after)) ?? (await difference(found, fresh));
    if (why !== null) {
      const message = `${path} gives different figures than the events: ${why}. Stop the server and delete that file; it is rebuilt`;
      return {
        findings: [{ sequence: after + 1, message }],
        words: "compared until the first finding",
      };
    }
    after += size;
    onProgress?.(after);
  }
  return { findings: [], words: `of the first ${after} events, rebuilt from them and compared` };
}

async function difference(
  found: FoundSegment,
  fresh: AsyncIterator<SealedSegment, null>,
): Promise<string | null> {
  const { first, size } = found.source;
  const { value } = await fresh.next();
  if (value === null) return null;
  const isSame = segmentHash(value, found.source) === found.hash;
  return isSame ? null : `its data for events ${first} to ${first + size - 1} were changed`;
}

/** Segments made from the present events; ends at one that cannot be read, which is reported elsewhere. */
async function* freshSegments(
  store: LeafStore,
  upTo: number,
  size: number,
): AsyncGenerator<SealedSegment, null> {
  const model = new LiveModel({ segmentEvents: size });
  const spilled = DerivedFile.temporary(fileOptions(size));
  try {
    for await (const batch of store.readAll(0, { upTo })) {
      const targets = await targetsIn(store, batch);
      for (let rest = batch; rest.length > 0;) {
        rest = rest.slice(model.apply(rest, targets));
        if (!model.isSealDue) continue;
        const full = await sealed(model);
        yield full;
        // Facts of it may be asked for again; the memory is for what follows.
        spilled.append(full, { first: full.first, size, root: "" });
      }
    }
  } catch (error) {
    if (!isLedgerError(error, "corrupt-event")) throw error;
  } finally {
    spilled.close();
  }
  return null;
}

function fileOptions(size: number): FileOptions {
  return { segmentEvents: size, kept: keptWithin(maxKeptPartBytes), onChanged: () => undefined };
}
