import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createPublicKey, verify } from "node:crypto";
import { describe, expect, test } from "vitest";
import { openCheckpoint, signCheckpoint } from "../../src/tree/checkpoint.ts";
import { hashLeaf } from "../../src/events/canonical/merkle-hash.ts";
import { rootOf } from "./recursive-root.ts";
import {
  isKeyName,
  newKey,
  NoteError,
  openNote,
  parseSigner,
  parseVerifier,
  signNote,
  verifierText,
} from "../../src/tree/signed-note.ts";
import { explainSkip, hasSharedData, sharedData } from "../verify/shared-data.ts";

explainSkip("vectors of signed notes, checkpoints and Ed25519");

describe.skipIf(!hasSharedData)("notes and checkpoints written by other programs:", () => {
  const noteVector = () =>
    JSON.parse(
      readFileSync(join(sharedData, "vectors/signed-note/golang-mod-note.json"), "utf8"),
    ) as Record<"vkey" | "note" | "twoSignatures", string>;

  test("a note with one signature and one with two are accepted with the key", () => {
    const { vkey, note, twoSignatures } = noteVector();
    const verifier = parseVerifier(vkey);
    expect(openNote(note, verifier)).toMatch(/^If you think cryptography/);
    expect(openNote(twoSignatures, verifier)).toBe(openNote(note, verifier));
    expect(verifierText(verifier)).toBe(vkey);
  });

  test("the same note is refused with any byte of its text changed", () => {
    const { vkey, note } = noteVector();
    const verifier = parseVerifier(vkey);
    const end = note.lastIndexOf("\n\n");
    for (let i = 0; i < end; i++) {
      const changed = note.slice(0, i) + (note[i] === "x" ? "y" : "x") + note.slice(i + 1);
      expect(() => openNote(changed, verifier), `byte ${i}`).toThrow(NoteError);
    }
  });

  test("all sixteen checkpoints of the tile log verify and carry the roots of its leaves", () => {
    const folder = join(sharedData, "vectors/tlog-tiles-log/testdata/log");
    const verifier = parseVerifier(
      "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx",
    );
    const words =
      "one two three four five six seven eit nain ten ileven twelf threeten fourten fivten".split(
        " ",
      );
    const leaves = words.map((word) => hashLeaf(word));
    const files = readdirSync(folder).filter((name) => /^checkpoint\.\d+$/.test(name));
    expect(files).toHaveLength(16);
    for (const file of files) {
      const head = openCheckpoint(readFileSync(join(folder, file), "utf8"), verifier);
      expect(head.size).toBe(BigInt(file.slice("checkpoint.".length)));
      expect(head.root.equals(rootOf(leaves, 0, Number(head.size))), file).toBe(true);
    }
  });

  test("Ed25519 signatures are judged as Wycheproof says, including malleable and malformed ones", () => {
    const suite = JSON.parse(
      readFileSync(join(sharedData, "vectors/ed25519-wycheproof/ed25519_test.json"), "utf8"),
    ) as {
      numberOfTests: number;
      testGroups: {
        publicKeyDer: string;
        tests: { tcId: number; msg: string; sig: string; result: string }[];
      }[];
    };
    let judged = 0;
    for (const group of suite.testGroups) {
      const key = createPublicKey({
        key: Buffer.from(group.publicKeyDer, "hex"),
        format: "der",
        type: "spki",
      });
      for (const t of group.tests) {
        const isValid = verify(null, Buffer.from(t.msg, "hex"), key, Buffer.from(t.sig, "hex"));
        expect(isValid, `case ${t.tcId}`).toBe(t.result === "valid");
        judged++;
      }
    }
    expect(judged).toBe(suite.numberOfTests);
  });
});

describe("the ledger's keys and checkpoints:", () => {
  const key = newKey("ledger.example/prod");
  const signer = parseSigner(key.secret);
  const verifier = parseVerifier(key.verifier);
  const head = {
    origin: "ledger.example/prod",
    size: 12_345_678_901_234_567_890n,
    root: hashLeaf("x"),
  };

  test("a signed checkpoint gives the same head when read", () => {
    expect(openCheckpoint(signCheckpoint(head, signer), verifier)).toEqual(head);
  });

  test("another key with the same name does not verify it", () => {
    const other = parseVerifier(newKey("ledger.example/prod").verifier);
    expect(() => openCheckpoint(signCheckpoint(head, signer), other)).toThrow(/not signed by/);
  });

  test("a checkpoint of another origin is refused even if the key signed it", () => {
    const note = signCheckpoint({ ...head, origin: "elsewhere" }, signer);
    expect(() => openCheckpoint(note, verifier)).toThrow(/is from elsewhere/);
  });

  test("any single changed character of a checkpoint is found", () => {
    const note = signCheckpoint(head, signer);
    for (let i = 0; i < note.length; i++) {
      const changed = note.slice(0, i) + (note[i] === "A" ? "B" : "A") + note.slice(i + 1);
      expect(() => openCheckpoint(changed, verifier), `character ${i}`).toThrow(NoteError);
    }
  });

  test("a note that one key has signed twice is refused, whether or not the second signature is valid", () => {
    const note = signCheckpoint(head, signer);
    const [text = "", signature = ""] = note.split("\n\n");
    const wrong = signCheckpoint({ ...head, size: 1n }, signer).split("\n\n")[1] ?? "";
    for (const second of [signature, wrong]) {
      expect(() => openNote(`${text}\n\n${signature}${second}`, verifier)).toThrow(/signed twice/);
    }
  });

  test("a key whose hash is wrong, or that has another form, is refused", () => {
    expect(() => parseVerifier(key.verifier.replace(/\+[0-9a-f]{8}\+/, "+00000000+"))).toThrow(
      NoteError,
    );
    expect(() => parseVerifier("")).toThrow(NoteError);
    expect(() => parseSigner(key.verifier)).toThrow(NoteError);
    expect(isKeyName("two words") || isKeyName("a+b") || isKeyName("")).toBe(false);
  });

  test("a text that a note cannot hold is not signed", () => {
    expect(() => signNote("no newline", signer)).toThrow(NoteError);
    expect(() => signNote("a\tb\n", signer)).toThrow(NoteError);
  });
});
