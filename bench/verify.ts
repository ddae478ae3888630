/**
 * Verification of a bundle of a million events against SHA-256 over the same bytes as one stream, and
 * against the calls that the tree needs at least; and what hashing costs an append.
 */
import { createHash, hash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { newestDefinitions } from "../projections/document/entry/since.ts";
import { plainClusterView } from "../projections/plain-view.ts";
import type { RawEvent } from "../projections/facts/effective-facts.ts";
import { unamendedFact } from "../projections/facts/effective-facts.ts";
import { BlockMemory } from "../src/verify/leaves/block-source.ts";
import { bundleBlocks } from "../src/verify/bundle-blocks.ts";
import { bundleText } from "../src/verify/bundle.ts";
import { signCheckpoint } from "../src/tree/checkpoint.ts";
import { issuedDocument, sha256Hex } from "../src/reports/issued/issued-report.ts";
import { parseLeaf } from "../src/tree/leaf.ts";
import { hashSizeBytes } from "../src/events/canonical/merkle-hash.ts";
import { MerkleTree } from "../src/tree/merkle-tree.ts";
import { newKey, parseSigner, parseVerifier } from "../src/tree/signed-note.ts";
import { verifyBundle } from "../src/verify/verify.ts";
import {
  canonicalCheckedEvent,
  canonicalEvent,
  canonicalJson,
} from "../src/events/canonical/canonical.ts";
import { PackedHashes } from "../src/events/canonical/leaf-hash.ts";
import { firstZones } from "../src/zones/zones.ts";
import type { BenchRow } from "./table.ts";
import { formatTable, median } from "./table.ts";

const key = newKey("bench");
const signer = parseSigner(key.secret);
const verifier = parseVerifier(key.verifier);
const nodeCount = 1_200;
const firstInstant = Date.UTC(2026, 0, 1);
const sealEvery = 50_000;

export interface VerifyOptions {
  readonly events?: number;
  readonly rounds?: number;
}

/** A history as it grows: leaves, their tree, and the next revision of each stream. */
class Growing {
  readonly leaves: string[] = [];
  readonly hashes = new PackedHashes();
  readonly #tree = new MerkleTree(async (from, to) =>
    this.hashes.bytes().subarray(from * hashSizeBytes, to * hashSizeBytes),
  );
  readonly #revisions = new Map<string, number>();

  add(stream: string, type: string, at: number, data: object): void {
    const revision = this.#revisions.get(stream) ?? 0;
    this.#revisions.set(stream, revision + 1);
    const attributionJson = canonicalJson({ source: "node-health-prober" });
    const dataJson = canonicalJson(data);
    const parts = { stream, revision, id: randomUUID(), type, schemaVersion: 1, occurredAt: at };
    const leaf = canonicalEvent({ ...parts, recordedAt: at, dataJson, attributionJson });
    this.leaves.push(leaf);
    this.hashes.add(leaf);
  }

  async root(): Promise<Buffer> {
    this.#tree.appendAll(this.hashes.bytes().subarray(this.#tree.size * hashSizeBytes));
    return await this.#tree.root();
  }

  async seal(at: number): Promise<void> {
    const root = await this.root();
    const size = this.leaves.length;
    const checkpoint = signCheckpoint({ origin: signer.name, size: BigInt(size), root }, signer);
    const data = { size, rootHash: root.toString("hex"), checkpoint };
    this.add("ledger-seals", "LedgerSealed", at, data);
  }

  async issue(at: number): Promise<void> {
    const sequence = this.leaves.length;
    const period = { label: "2026-01", zone: "UTC", from: "", to: "" };
    period.from = "2026-01-01T00:00:00.000Z";
    period.to = "2026-02-01T00:00:00.000Z";
    const treeHead = { size: sequence, rootHash: (await this.root()).toString("hex") };
    const inputs = { report: "r", cluster: "alpha", period, sequence, treeHead };
    const definitions = newestDefinitions;
    const whole = { ...inputs, tzdata: firstZones.version, definitions };
    const events = this.leaves.map((leaf, i) => parseLeaf(leaf, i + 1)) as unknown as RawEvent[];
    const headRecordedAt = events[sequence - 1]?.recordedAt ?? null;
    // Nothing is corrected in this history.
    const facts = events.map(unamendedFact);
    const view = plainClusterView(facts, "alpha", sequence, headRecordedAt);
    const document = issuedDocument(view, whole);
    const { policy } = document;
    const { from, to } = document.period;
    const said = { policyEventId: policy.eventId, period: { ...period, from, to } };
    const data = { ...whole, ...said, sha256: sha256Hex(canonicalJson(document)) };
    this.add("report-r", "ReportIssued", at, data);
  }
}

/** Faults and returns of one cluster's nodes, with seals between. */
async function history(count: number, withReport: boolean): Promise<Growing> {
  const growing = new Growing();
  const nodeOf = (i: number): string => `gpu-${String(i % nodeCount).padStart(4, "0")}`;
  for (let i = 0; growing.leaves.length < count - 2; i++) {
    const node = nodeOf(i);
    const stream = `node-alpha:${node}`;
    const at = firstInstant + i * 2_000;
    const round = Math.floor(i / nodeCount);
    const faultId = `${node}-${round}`;
    if (round === 0) growing.add(stream, "NodeCommissioned", at, { cluster: "alpha", node });
    else if (round % 2 === 1) {
      const what = { category: "hardware", codes: ["79", "119"], component: "gpu" };
      growing.add(stream, "NodeFailed", at, { cluster: "alpha", node, faultId, ...what });
    } else {
      const faultIds = [`${node}-${round - 1}`];
      growing.add(stream, "NodeReturned", at, { cluster: "alpha", node, faultIds });
    }
    if ((i + 1) % sealEvery === 0) await growing.seal(at);
  }
  const end = firstInstant + count * 2_000;
  if (withReport) await growing.issue(end);
  await growing.seal(end);
  return growing;
}

async function writeBundleOf(growing: Growing, path: string): Promise<void> {
  const root = await growing.root();
  const size = BigInt(growing.leaves.length);
  const file = createWriteStream(path);
  async function* batches() {
    for (let i = 0; i < growing.leaves.length; i += 1_000) yield growing.leaves.slice(i, i + 1_000);
  }
  const checkpoint = async () => signCheckpoint({ origin: signer.name, size, root }, signer);
  for await (const text of bundleText(batches(), checkpoint)) file.write(text);
  file.end();
  await finished(file);
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
}

async function verified(path: string, threads?: number): Promise<void> {
  const { findings } = await verifyBundle(path, { verifier, threads });
  if (findings.length > 0) throw new Error(findings[0]?.message);
}

async function streamHash(path: string): Promise<void> {
  const sha = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }))
    sha.update(chunk as Buffer);
  sha.digest();
}

/** What the tree needs of SHA-256 and no more: a call a leaf, and one an inner node. */
async function treeHashes(path: string): Promise<void> {
  const memory = new BlockMemory();
  const node = Buffer.alloc(1 + 2 * hashSizeBytes, 1);
  for await (const { bytes, ends } of bundleBlocks(path, memory, () => undefined)) {
    let begin = 0;
    for (const end of ends) {
      hash("sha256", bytes.subarray(begin, end), "latin1");
      hash("sha256", node, "latin1");
      begin = end;
    }
    memory.give(bytes);
  }
}

/** Medians over interleaved rounds. */
export async function benchVerify(options: VerifyOptions = {}): Promise<BenchRow[]> {
  const { events = 1_000_000, rounds = 3 } = options;
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-bench-"));
  try {
    const [plain, withReport] = [join(folder, "plain"), join(folder, "with-report")];
    await writeBundleOf(await history(events, false), plain);
    await writeBundleOf(await history(events, true), withReport);
    const rivals: Readonly<Record<string, () => Promise<void>>> = {
      "SHA-256, one stream over the file": () => streamHash(plain),
      "SHA-256, a call a leaf and a node of the tree": () => treeHashes(plain),
      "verify, seals": () => verified(plain),
      "verify, seals, one thread": () => verified(plain, 0),
      "verify, seals and one report over all": () => verified(withReport),
    };
    const seconds: Record<string, number[]> = {};
    for (let round = 0; round < rounds; round++) {
      for (const [name, work] of Object.entries(rivals)) {
        (seconds[name] ??= []).push(await secondsOf(work));
      }
    }
    const rate = (name: string): number => events / median(seconds[name] ?? []);
    const stream = "SHA-256, one stream over the file";
    return Object.keys(rivals).map((name): BenchRow => {
      const isAimed = name === "verify, seals";
      const row = { name, perSecond: rate(name), unit: "events/s" };
      const value = rate(name) / rate(stream);
      if (name === stream) return row;
      return { ...row, ratio: { of: stream, value, ...(isAimed ? { aim: 0.25 } : {}) } };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What an append pays for its leaf: the canonical text, and its hash. */
export function benchLeafHashing(events = 200_000): BenchRow[] {
  const parts = Array.from({ length: events }, (_, i) => ({
    stream: `node-alpha:gpu-${i % nodeCount}`,
    revision: Math.floor(i / nodeCount),
    id: randomUUID(),
    type: "NodeFailed",
    schemaVersion: 1,
    occurredAt: firstInstant + i,
    recordedAt: firstInstant + i,
    dataJson: `{"category":"hardware","cluster":"alpha","component":"gpu","faultId":"f-${i}","node":"gpu-0001"}`,
    attributionJson: `{"correlationId":"incident-${i}","source":"node-health-prober"}`,
  }));
  const rates = Array.from({ length: 5 }, () => {
    const packed = new PackedHashes();
    const began = performance.now();
    for (const each of parts) packed.add(canonicalCheckedEvent(each, each));
    return events / ((performance.now() - began) / 1_000);
  });
  return [{ name: "text and hash of a leaf", perSecond: median(rates), unit: "events/s" }];
}

if (import.meta.main) {
  process.stdout.write(formatTable("Leaf hashing at append", benchLeafHashing()));
  process.stdout.write(formatTable("Verify", await benchVerify()));
}
