/**
 * What an administrator of the file can do to it, at random: each is found by `verify`, with the
 * sequence named, or it has changed no stored event.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Finding } from "../../src/verify/check-history.ts";
import { hashLeaf } from "../../src/events/canonical/merkle-hash.ts";
import { signCheckpoint } from "../../src/tree/checkpoint.ts";
import { verifyStore } from "../../src/verify/verify.ts";
import { isLedgerError } from "../../src/errors.ts";
import type { EmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import { openEmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import type { RandomSource } from "../histories/random-source.ts";
import { randomSource } from "../histories/random-source.ts";
import { soakRuns } from "../random-runs.ts";
import { withoutGuards } from "../store/sqlite/ledger-file.ts";
import type { Tampering } from "./hash-tamperings.ts";
import { hashTamperings } from "./hash-tamperings.ts";
import { forger, makeSealedLedger, signer, verifier } from "../seals/sealed-ledger.ts";

const folder = mkdtempSync(join(tmpdir(), "fleetledger-tampering-"));
const path = join(folder, "tampered.sqlite");
let pristine = Buffer.alloc(0);
let leaves: string[] = [];
let lastSequence = 0;

async function textsOf(store: EmbeddedStore): Promise<string[]> {
  const texts: string[] = [];
  for await (const batch of store.readLeaves(0)) texts.push(...batch);
  return texts;
}

beforeAll(async () => {
  const original = join(folder, "original.sqlite");
  const { events } = await makeSealedLedger(original, { nodes: ["n1"] });
  lastSequence = events;
  const db = new DatabaseSync(original);
  db.exec("PRAGMA journal_mode = DELETE");
  db.close();
  pristine = readFileSync(original);
  const store = await openEmbeddedStore({ path: original, mode: "read" });
  leaves = await textsOf(store);
  await store.close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the change on a fresh copy; `null` if SQLite itself refused it. */
function tampered<T>(change: (db: DatabaseSync) => T): T | null {
  writeFileSync(path, pristine);
  const db = new DatabaseSync(path, { defensive: false });
  try {
    db.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
    // The guards stop honest mistakes only; whoever holds the file takes them off, and puts them back.
    return withoutGuards(db, () => change(db));
  } catch (error) {
    if (error instanceof Error && /UNIQUE constraint/.test(error.message)) return null;
    throw error;
  } finally {
    db.close();
  }
}

async function findingsNow(): Promise<readonly Finding[]> {
  const store = await openEmbeddedStore({ path, mode: "read" });
  try {
    return (await verifyStore(store, { verifier })).findings;
  } finally {
    await store.close();
  }
}

const textColumns = ["stream", "id", "type", "data", "attribution"];
const numberColumns = ["sequence", "revision", "schema_version", "occurred_at", "recorded_at"];

function someSequence(random: RandomSource): number {
  return random.between(1, lastSequence);
}

const flipText: Tampering = (db, random) => {
  const n = someSequence(random);
  const column = random.pick(textColumns);
  const row = db
    .prepare(`SELECT CAST(${column} AS BLOB) AS bytes FROM events WHERE sequence = ?`)
    .get(n);
  const bytes = Buffer.from(row?.["bytes"] as Uint8Array);
  const at = random.between(0, bytes.length - 1);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.between(0, 7));
  db.prepare(`UPDATE events SET ${column} = CAST(? AS TEXT) WHERE sequence = ?`).run(bytes, n);
  return { named: [n] };
};

const flipNumber: Tampering = (db, random) => {
  const n = someSequence(random);
  const column = random.pick(numberColumns);
  const mask = 2n ** BigInt(random.between(0, 62));
  db.prepare(
    `UPDATE events SET ${column} = (${column} | ?1) - (${column} & ?1) WHERE sequence = ?2`,
  ).run(mask, n);
  return { named: [n] };
};

const drop: Tampering = (db, random) => {
  const n = someSequence(random);
  db.prepare("DELETE FROM events WHERE sequence = ?").run(n);
  return { named: [n] };
};

const dropAndCloseUp: Tampering = (db, random) => {
  const n = someSequence(random);
  db.prepare("DELETE FROM events WHERE sequence = ?").run(n);
  db.prepare("UPDATE events SET sequence = sequence - 1 WHERE sequence > ?").run(n);
  return { named: [n, n + 1, lastSequence] };
};

const others =
  "stream, revision, id, type, schema_version, occurred_at, recorded_at, data, attribution";

const swap: Tampering = (db, random) => {
  const a = random.between(1, lastSequence - 1);
  const b = random.between(a + 1, lastSequence);
  db.exec(`UPDATE events SET sequence = -1 WHERE sequence = ${a}`);
  db.exec(`UPDATE events SET sequence = ${a} WHERE sequence = ${b}`);
  db.exec(`UPDATE events SET sequence = ${b} WHERE sequence = -1`);
  return { named: [a, b] };
};

const double: Tampering = (db, random) => {
  const n = someSequence(random);
  const at = lastSequence + 1;
  db.exec(`INSERT INTO events SELECT ${at}, ${others} FROM events WHERE sequence = ${n}`);
  return { named: [at] };
};

const truncate: Tampering = (db, random) => {
  const n = someSequence(random);
  const column = random.pick(["data", "attribution", "stream", "id"]);
  const row = db.prepare(`SELECT length(${column}) AS size FROM events WHERE sequence = ?`).get(n);
  const keep = random.between(0, Number(row?.["size"]) - 1);
  db.exec(`UPDATE events SET ${column} = substr(${column}, 1, ${keep}) WHERE sequence = ${n}`);
  return { named: [n] };
};

/** A seal over other events: by another key, or by the ledger's own for a root that was never there. */
const rewriteSeal: Tampering = (db, random) => {
  const seals = db.prepare("SELECT sequence FROM events WHERE type = 'LedgerSealed'").all();
  const n = Number(random.pick(seals)["sequence"]);
  const size = n - 1 - (random.chance(0.5) ? 0 : random.between(1, n - 2));
  const root = Buffer.alloc(32, random.between(0, 255));
  const by = random.chance(0.5) ? forger : signer;
  const checkpoint = signCheckpoint({ origin: by.name, size: BigInt(size), root }, by);
  const data = { checkpoint, rootHash: root.toString("hex"), size };
  db.prepare("UPDATE events SET data = ? WHERE sequence = ?").run(JSON.stringify(data), n);
  return { named: [n] };
};

const tamperings = {
  flipText,
  flipNumber,
  drop,
  dropAndCloseUp,
  swap,
  double,
  truncate,
  rewriteSeal,
};

const kinds = [
  ...Object.entries(tamperings).map(([name, kind]) => ({ name, kind, runs: 400, sample: 15 })),
  ...Object.entries(hashTamperings).map(([name, kind]) => ({ name, kind, runs: 200, sample: 8 })),
];

describe("random tampering with stored events and hashes", () => {
  test.each(kinds)(
    "$name: each change is found and named",
    async ({ kind, runs: whole, sample }) => {
      const random = randomSource(7);
      const runs = soakRuns(whole, sample);
      let done = 0;
      while (done < runs) {
        const result = tampered((db) => kind(db, random, lastSequence));
        if (result === null) continue;
        done++;
        const found = await findingsNow();
        const isNamed = found.some((finding) => result.named.includes(finding.sequence ?? 0));
        expect(isNamed, `${JSON.stringify(result)} among ${JSON.stringify(found)}`).toBe(true);
      }
    },
  );

  test("with any byte of the file is found, or has changed no stored event", async () => {
    const random = randomSource(8);
    let unchanged = 0;
    for (let run = 0; run < soakRuns(1_000, 50); run++) {
      const bytes = Buffer.from(pristine);
      const at = random.between(0, bytes.length - 1);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.between(0, 7));
      writeFileSync(path, bytes);
      const isFound = await findingsNow().then(
        (findings) => findings.length > 0,
        (error: unknown) => {
          if (isLedgerError(error)) return true;
          throw error;
        },
      );
      if (isFound) continue;
      unchanged++;
      const store = await openEmbeddedStore({ path, mode: "read" });
      expect(await textsOf(store), `byte ${at}`).toEqual(leaves);
      await store.close();
    }
    // Free space and the index by stream: some must have passed, or the test shows nothing.
    expect(unchanged).toBeGreaterThan(0);
  });
});

test.each([0n, -5n, -(2n ** 62n)])(
  "an event inserted before the first one, at %d, is found, though no read in order reaches it",
  async (at) => {
    tampered((db) =>
      db.exec(
        `INSERT INTO events SELECT ${at}, 'node-alpha:n9', 0, id, type, schema_version, occurred_at,
         recorded_at, data, attribution FROM events WHERE sequence = 5`,
      ),
    );
    expect(await findingsNow()).toEqual([
      {
        sequence: Number(at),
        message: "it is before the first event, where the ledger writes none",
      },
    ]);
  },
);

test.each([
  ["LedgerSealed", "rootHash", "f".repeat(64), /the seal over \d+ events does not match/],
  ["ReportIssued", "treeHead.size", 1n, /names a wrong tree head/],
] as const)(
  "what a %s states in %s besides its proof is compared with the history",
  async (type, field, value, message) => {
    const sequence = tampered((db) => {
      const row = db.prepare("SELECT min(sequence) AS at FROM events WHERE type = ?").get(type);
      const change = "UPDATE events SET data = json_set(data, ?, ?) WHERE sequence = ?";
      db.prepare(change).run(`$.${field}`, value, Number(row?.["at"]));
      return Number(row?.["at"]);
    });
    const messages = (await findingsNow()).filter((finding) => finding.sequence === sequence);
    expect(messages.map((finding) => finding.message)).toContainEqual(
      expect.stringMatching(message),
    );
  },
);

describe("a rewritten table of hashes", () => {
  test("does not hide a change of a sealed event: the seal names the range", async () => {
    const texts = leaves.map((text, i) =>
      i === 4 ? text.replaceAll("hardware", "software") : text,
    );
    expect(texts).not.toEqual(leaves);
    tampered((db) => {
      db.exec("UPDATE events SET data = replace(data, 'hardware', 'software') WHERE sequence = 5");
      db.exec("DELETE FROM leaves");
      const hashes = Buffer.concat(texts.map((text) => hashLeaf(text)));
      db.prepare("INSERT INTO leaves VALUES (1, ?)").run(hashes);
    });
    const findings = await findingsNow();
    expect(findings.map(({ message }) => message)).not.toContainEqual(
      expect.stringMatching(/stored/),
    );
    const [first] = findings;
    expect(first?.message).toMatch(
      /the seal over \d+ events does not match: something among events 1 to/,
    );
  });

  test("is reported as such if the events are as they were sealed", async () => {
    tampered((db) =>
      db.exec("UPDATE leaves SET hashes = zeroblob(length(hashes)) WHERE first = 1"),
    );
    const findings = await findingsNow();
    expect(findings[0]).toMatchObject({ sequence: 1 });
    expect(findings[0]?.message).toMatch(/the event is as it was sealed/);
  });
});
