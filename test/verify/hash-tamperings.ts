/** What an administrator of the file can do to the hashes beside the events, at random. */
import type { DatabaseSync } from "node:sqlite";
import type { RandomSource } from "../histories/random-source.ts";

/** Does its change; `named` are the events of which one must be named. */
export type Tampering = (
  db: DatabaseSync,
  random: RandomSource,
  lastSequence: number,
) => { readonly named: readonly number[] };

/** The rows of hashes, and the events that each is of. */
function someRow(db: DatabaseSync, random: RandomSource): { first: number; count: number } {
  const rows = db.prepare("SELECT first, length(hashes) / 32 AS count FROM leaves").all();
  const row = random.pick(rows);
  return { first: Number(row["first"]), count: Number(row["count"]) };
}

const dropHashes: Tampering = (db, random) => {
  const { first } = someRow(db, random);
  const above = random.chance(0.5) ? ">" : "";
  db.exec(`DELETE FROM leaves WHERE first ${above}= ${first}`);
  return { named: [first] };
};

const cutHashes: Tampering = (db, random) => {
  const { first, count } = someRow(db, random);
  const keep = random.between(0, count * 32 - 1);
  db.exec(`UPDATE leaves SET hashes = substr(hashes, 1, ${keep}) WHERE first = ${first}`);
  const lost = first + Math.floor(keep / 32);
  return { named: keep % 32 === 0 && keep > 0 ? [lost] : [first] };
};

/** More bytes than there are events for: whole hashes or not, of the next events or beyond the last. */
const lengthenHashes: Tampering = (db, random) => {
  const { first, count } = someRow(db, random);
  const more = random.between(1, 64);
  db.exec(
    `UPDATE leaves SET hashes = CAST(hashes || zeroblob(${more}) AS BLOB) WHERE first = ${first}`,
  );
  return { named: [first, first + count] };
};

/** A second row of hashes over events that have theirs, or at a place where no event is. */
const doubleHashes: Tampering = (db, random, lastSequence) => {
  const rows = db.prepare("SELECT first FROM leaves").all();
  const taken = new Set(rows.map((row) => Number(row["first"])));
  let at = 0;
  do at = random.between(-3, lastSequence + 3);
  while (taken.has(at));
  const source = random.pick([...taken]);
  db.exec(`INSERT INTO leaves SELECT ${at}, hashes FROM leaves WHERE first = ${source}`);
  const above = [...taken].filter((first) => first > at);
  return {
    named: [Math.max(1, Math.min(at, lastSequence + 1)), Math.min(...above, lastSequence + 1)],
  };
};

/** A second row with the right hash of an event that has it already. */
const repeatHash: Tampering = (db, random) => {
  const rows = db.prepare("SELECT first, length(hashes) / 32 AS count FROM leaves").all();
  const row = random.pick(rows.filter(({ count }) => Number(count) > 1));
  const first = Number(row["first"]);
  const offset = random.between(1, Number(row["count"]) - 1);
  const right = `substr(hashes, ${32 * offset + 1}, 32)`;
  db.exec(
    `INSERT INTO leaves SELECT ${first + offset}, ${right} FROM leaves WHERE first = ${first}`,
  );
  return { named: [first + offset] };
};

const takeAllHashes: Tampering = (db) => {
  db.exec("DELETE FROM leaves");
  return { named: [1] };
};

export const hashTamperings = {
  dropHashes,
  cutHashes,
  lengthenHashes,
  doubleHashes,
  repeatHash,
  takeAllHashes,
} satisfies Readonly<Record<string, Tampering>>;
