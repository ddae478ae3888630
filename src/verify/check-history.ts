/**
 * Checks a history by itself: rebuilds the tree, checks every seal, and recomputes every issued report, for a bundle as
 * for a store; neither is trusted.
 */
import type { LedgerError } from "../errors.ts";
import { isLedgerError } from "../errors.ts";
import type { DataOf } from "../events/catalogue.ts";
import type { StoredEvent } from "../events/envelope.ts";
import { leafHashBytes, PackedHashes } from "../events/canonical/leaf-hash.ts";
import { notABundle } from "./bundle.ts";
import { NotedEvents } from "./leaves/check-noted.ts";
import { openCheckpoint, type SeenHead, type TreeHead } from "../tree/checkpoint.ts";
import { EventPositions } from "./leaves/event-positions.ts";
import { statedLeaf, upToDate } from "../tree/leaf.ts";
import type { LeafBlockLook, NotedLeaf } from "./leaves/leaf-block.ts";
import { blockLeaves, MerkleTree } from "../tree/merkle-tree.ts";
import { recomputeReports } from "./recompute-reports.ts";
import type { IssuedReport } from "./recompute-reports.ts";
import type { RecordedOrder } from "./leaves/recorded-order.ts";
import { differencesFromSeen } from "./seen-heads.ts";
import { NoteError, type NoteVerifier } from "../tree/signed-note.ts";

/** Something that is wrong; with the `sequence` of the event, if there is one. */
export interface Finding {
  readonly sequence: number | null;
  readonly message: string;
}

/** Whether a system event says that recorded times were preserved from an import. */
interface StatedTimes {
  readonly sequence: number;
  readonly areKept: boolean;
}

export interface HistoryCheck {
  readonly events: number;
  /** Whether it could be read to its end. */
  readonly isWhole: boolean;
  readonly head: TreeHead;
  readonly sealsChecked: number;
  /** Number of events under valid seals; later ones are not signed. */
  readonly sealedEvents: number;
  readonly reportsChecked: number;
  readonly recordedOrder: RecordedOrder;
  /** False if nothing vouches for the history: reports that anybody may have written are not recomputed. */
  readonly areReportsRecomputed: boolean;
  /** What the last seal or issued report says of recorded times; `null` if there is none. */
  readonly statedTimes: StatedTimes | null;
  /** Whether the tree had the roots of the checkpoints seen before; `null` if none was given. */
  readonly consistentWithSince: boolean | null;
  readonly findings: readonly Finding[];
  /** Hashes of all leaves, one after another, as they were computed. */
  readonly leafHashes: Buffer;
}

interface HistoryToCheck {
  /** What a look at each block of leaves told, in order. A `corrupt-event` that it throws is a finding. */
  readonly looks: () => AsyncIterable<LeafBlockLook>;
  /** Canonical texts by sequence, up to one, in batches: for the reports that were issued. */
  readonly leaves: (upTo: number) => AsyncIterable<readonly string[]>;
  readonly verifier: NoteVerifier;
  /** Whether a signature beside the history, such as that at a bundle's end, is over this head. Default: its seals tell. */
  readonly isSigned?: ((head: TreeHead) => boolean) | undefined;
  /** The head seen before, from a checkpoint that the verifier has signed. */
  readonly since?: SeenHead | undefined;
  readonly onProgress?: ((step: CheckStep, events: number, of: number | null) => void) | undefined;
}

export type CheckStep = "checking" | "recomputing reports";

/** The maximum number of findings listed; a thousand more would add nothing. */
const maxFindings = 100;

export async function checkHistory(history: HistoryToCheck): Promise<HistoryCheck> {
  const checker = new HistoryChecker(history);
  await checker.attempt(async () => {
    for await (const look of history.looks()) {
      await checker.take(look);
      history.onProgress?.("checking", checker.events, null);
    }
    checker.isWhole = true;
  });
  // The most expensive check comes last, and only if the key vouches for the history.
  if (await checker.isVouchedFor()) await checker.attempt(() => checker.checkReports());
  return await checker.finish();
}

class HistoryChecker {
  readonly #history: HistoryToCheck;
  readonly #hashes = new PackedHashes();
  readonly #tree = new MerkleTree(async (from, to) => this.#hashesOf(from, to));
  readonly #findings: Finding[] = [];
  readonly #positions = new EventPositions();
  readonly #reports: IssuedReport[] = [];
  readonly #noted = new NotedEvents(this.#positions);
  isWhole = false;
  #areReportsRecomputed = false;
  #seals = 0;
  #sealedEvents = 0;
  #times: StatedTimes | null = null;

  constructor(history: HistoryToCheck) {
    this.#history = history;
  }

  get events(): number {
    return this.#hashes.length;
  }

  tell(sequence: number | null, message: string): void {
    if (this.#findings.length < maxFindings) this.#findings.push({ sequence, message });
  }

  /** A `corrupt-event` error is a finding; any other is thrown. */
  async attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (!isLedgerError(error, "corrupt-event")) throw error;
      const sequence = error.extra["sequence"];
      const at = typeof sequence === "number" ? sequence : null;
      const isTold = this.#findings.some((finding) => finding.sequence === at);
      // A leaf's error already names its event, so the finding does not repeat it.
      if (!isTold || at === null) this.tell(at, error.message.replace(`event ${at}: `, ""));
    }
  }

  /** Takes the next block; throws `corrupt-event` at a leaf that is not an event, with those before it taken. */
  async take(look: LeafBlockLook): Promise<void> {
    const before = this.events;
    let broken: LedgerError | null = null;
    let count = look.count;
    const noted: { leaf: NotedLeaf; event: StoredEvent }[] = [];
    for (const leaf of look.noted) {
      try {
        noted.push({ leaf, event: statedLeaf(leaf.text, before + leaf.at + 1) });
      } catch (error) {
        if (!isLedgerError(error, "corrupt-event")) throw error;
        broken = error;
        count = leaf.at;
        break;
      }
    }
    for (const { sequence, message } of this.#positions.take(look, count))
      this.tell(sequence, message);
    this.#takeHashes(look, count);
    for (const { leaf, event } of noted) await this.#takeNoted(leaf, event);
    if (broken !== null) throw broken;
    if (!look.isUtf8) throw notABundle(null, "it is not UTF-8");
  }

  #takeHashes(look: LeafBlockLook, count: number): void {
    const bytes = (from: number, to: number) =>
      Buffer.from(look.hashes.buffer, from * leafHashBytes, (to - from) * leafHashBytes);
    this.#hashes.addAll(bytes(0, count));
    const isWhole = count === look.count && look.roots.length > 0;
    const rootsEnd = look.rootsFrom + (look.roots.length / leafHashBytes) * blockLeaves;
    this.#tree.appendAll(bytes(0, isWhole ? look.rootsFrom : count));
    if (!isWhole) return;
    for (let at = 0; at < look.roots.length; at += leafHashBytes)
      this.#tree.appendBlock(Buffer.from(look.roots.subarray(at, at + leafHashBytes)));
    this.#tree.appendAll(bytes(rootsEnd, count));
  }

  async #takeNoted({ isInForm }: NotedLeaf, stated: StoredEvent): Promise<void> {
    const { sequence } = stated;
    if (!isInForm) return this.tell(sequence, "not in the form in which the ledger writes it");
    const why = await this.#noted.check(stated);
    if (why !== null) this.tell(sequence, `the ledger would not have accepted it: ${why}`);
    if (stated.type === "LedgerSealed") await this.#checkSeal(upToDate(stated));
    else if (stated.type === "ReportIssued") this.#noteReport(upToDate(stated));
  }

  /** Whether the key has signed any of it; a history without seals cannot tell. */
  async isVouchedFor(): Promise<boolean> {
    const { isSigned } = this.#history;
    if (isSigned === undefined) return this.#seals === 0 || this.#sealedEvents > 0;
    return this.isWhole && isSigned(await this.#head());
  }

  async checkReports(): Promise<void> {
    this.#areReportsRecomputed = true;
    const { leaves, onProgress } = this.#history;
    const reports: IssuedReport[] = [];
    for (const report of this.#reports)
      if (await this.#checkReportHead(report)) reports.push(report);
    if (reports.length === 0) return;
    const wrong = await recomputeReports({
      reports,
      named: this.#noted.named,
      leaves,
      onProgress: (events, of) => onProgress?.("recomputing reports", events, of),
    });
    for (const { report, why } of wrong)
      this.tell(report.issuedAt, `report ${report.report} ${why}`);
  }

  async finish(): Promise<HistoryCheck> {
    return {
      events: this.events,
      isWhole: this.isWhole,
      head: await this.#head(),
      sealsChecked: this.#seals,
      sealedEvents: this.#sealedEvents,
      reportsChecked: this.#reports.length,
      recordedOrder: this.#positions.recordedOrder,
      areReportsRecomputed: this.#areReportsRecomputed,
      statedTimes: this.#times,
      consistentWithSince: await this.#checkSince(),
      findings: this.#findings.toSorted(
        (a, b) => (a.sequence ?? Infinity) - (b.sequence ?? Infinity),
      ),
      leafHashes: this.#hashes.bytes(),
    };
  }

  async #head(): Promise<TreeHead> {
    const root = await this.#rootAt(this.events);
    return { origin: this.#history.verifier.name, size: BigInt(this.events), root };
  }

  async #checkSince(): Promise<boolean | null> {
    const { since } = this.#history;
    if (since === undefined) return null;
    const differences = await differencesFromSeen(since, this.events, (size) => this.#rootAt(size));
    // Listed regardless of the limit.
    for (const message of differences) this.#findings.push({ sequence: null, message });
    return differences.length === 0;
  }

  async #checkSeal(event: StoredEvent): Promise<void> {
    const seal = event.data as DataOf<"LedgerSealed">;
    const { sequence } = event;
    this.#seals++;
    this.#noteTimes(sequence, seal.recordedAtKept === true);
    try {
      const head = openCheckpoint(seal.checkpoint, this.#history.verifier);
      if (BigInt(seal.size) !== head.size || seal.size >= sequence) {
        this.tell(sequence, `the seal covers ${head.size} events, not all those before it`);
        return;
      }
      // Events of another instance may be between the signed head and the seal.
      const root = await this.#rootAt(seal.size);
      if (head.root.equals(root) && seal.rootHash === root.toString("hex")) {
        this.#sealedEvents = Math.max(this.#sealedEvents, seal.size);
        return;
      }
      const among = `among events ${Math.min(this.#sealedEvents, seal.size - 1) + 1} to ${seal.size}`;
      const why = seal.size === 0 ? "" : `: something ${among} was changed`;
      this.tell(sequence, `the seal over ${seal.size} events does not match${why}`);
    } catch (error) {
      if (!(error instanceof NoteError)) throw error;
      this.tell(sequence, `the seal is invalid: ${error.message}`);
    }
  }

  /** The ledger writes no system events before an import that preserves times is over, so all of them must agree. */
  #noteTimes(sequence: number, areKept: boolean): void {
    const before = this.#times;
    this.#times = { sequence, areKept };
    if (before === null || before.areKept === areKept) return;
    const says = areKept ? "says" : "does not say";
    const other = areKept ? "did not" : "did";
    this.tell(
      sequence,
      `it ${says} that recorded times were preserved, but event ${before.sequence} ${other}`,
    );
  }

  #noteReport(event: StoredEvent): void {
    const issued = event.data as DataOf<"ReportIssued">;
    this.#noteTimes(event.sequence, issued.recordedAtKept === true);
    if (event.revision > 0n) this.tell(event.sequence, `report ${issued.report} is issued twice`);
    this.#reports.push({ ...issued, issuedAt: event.sequence });
  }

  /** Whether the report is about an earlier position, and the tree at that position. */
  async #checkReportHead(issued: IssuedReport): Promise<boolean> {
    const { report, sequence, treeHead, issuedAt } = issued;
    if (sequence >= issuedAt || sequence > this.events) {
      this.tell(issuedAt, `report ${report} names position ${sequence}, which did not exist yet`);
      return false;
    }
    const isHead =
      treeHead.size === sequence &&
      treeHead.rootHash === (await this.#rootAt(sequence)).toString("hex");
    if (!isHead) this.tell(issuedAt, `report ${report} names a wrong tree head at ${sequence}`);
    return isHead;
  }

  async #rootAt(size: number): Promise<Buffer> {
    return await this.#tree.root(size);
  }

  #hashesOf(from: number, to: number): Buffer {
    return this.#hashes.bytes().subarray(from * leafHashBytes, to * leafHashBytes);
  }
}
