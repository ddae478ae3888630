import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { bundleText } from "../../src/verify/bundle.ts";
import { signCheckpoint } from "../../src/tree/checkpoint.ts";
import { emptyRoot } from "../../src/events/canonical/merkle-hash.ts";
import { newKey, NoteError, parseSigner, signNote } from "../../src/tree/signed-note.ts";
import { verifyBundle } from "../../src/verify/verify.ts";
import { cosignatures, parseCosigner } from "../../src/verify/cosignature.ts";
import { readCheckpoint } from "../../src/cli/options/key-files.ts";
import { signer, verifier } from "../seals/sealed-ledger.ts";

const head = { origin: signer.name, size: 0n, root: emptyRoot };
const note = signCheckpoint(head, signer);
const textOf = (signed: string): string => signed.slice(0, signed.lastIndexOf("\n\n") + 1);

/** A witness as C2SP tlog-cosignature has it, written without the code under test. */
function timedWitness(name: string): { key: string; line: (text: string, time: number) => string } {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ type: "spki", format: "der" }).subarray(12);
  const typed = Buffer.concat([Buffer.of(4), raw]);
  const id = createHash("sha256").update(`${name}\n`).update(typed).digest().subarray(0, 4);
  const line = (text: string, time: number): string => {
    const seconds = Buffer.alloc(8);
    seconds.writeBigUInt64BE(BigInt(time));
    const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), privateKey);
    return `\u2014 ${name} ${Buffer.concat([id, seconds, signature]).toString("base64")}\n`;
  };
  return { key: `${name}+${id.toString("hex")}+${typed.toString("base64")}`, line };
}

const timed = timedWitness("witness.example/one");
const plainKey = newKey("witness.example/two");
const plainLine = (text: string): string =>
  signNote(text, parseSigner(plainKey.secret)).slice(text.length + 1);
const unknownLine = timedWitness("stranger.example").line(textOf(note), 9);
const witnesses = [parseCosigner(timed.key), parseCosigner(plainKey.verifier)];

/** The file of a bundle without events, under that checkpoint. */
async function bundleUnder(checkpoint: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-witness-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "bundle.txt");
  let text = "";
  async function* none(): AsyncGenerator<readonly string[]> {}
  for await (const piece of bundleText(none(), async () => checkpoint)) text += piece;
  writeFileSync(path, text);
  return path;
}

describe("a checkpoint with signatures of witnesses", () => {
  const witnessed = note + timed.line(textOf(note), 1_780_000_000) + plainLine(textOf(note));

  test("names the known witnesses that signed it, with the time if they state one", () => {
    expect(cosignatures(witnessed + unknownLine, witnesses)).toEqual([
      { name: "witness.example/one", signedAt: 1_780_000_000 },
      { name: "witness.example/two", signedAt: null },
    ]);
    expect(cosignatures(note + unknownLine, witnesses)).toEqual([]);
  });

  test.each([
    ["of another text", timed.line(`${textOf(note)}more\n`, 5)],
    ["of another time", timed.line(textOf(note), 5).replace("AAAF", "AAAG")],
    ["that was cut short", `${timed.line(textOf(note), 5).slice(0, 60)}\n`],
    ["of another text, without a time", plainLine("other\n")],
  ])("is not valid with a known witness's signature %s", (_how, line) => {
    expect(() => cosignatures(note + line, witnesses)).toThrow(NoteError);
  });

  test("ends a bundle like one without them, and lines of unknown keys change nothing", async () => {
    const path = await bundleUnder(witnessed + unknownLine);
    const plain = await verifyBundle(path, { verifier });
    expect(plain.findings).toEqual([]);
    const named = await verifyBundle(path, { verifier, witnesses });
    expect(named.findings).toEqual([]);
    expect(named.lines).toContainEqual({
      what: "witnesses",
      words: "witness.example/one, witness.example/two also signed the checkpoint at the end",
    });
  });

  test("ends no bundle if a known witness's signature is wrong", async () => {
    const path = await bundleUnder(note + timed.line("other\n", 5));
    expect((await verifyBundle(path, { verifier })).findings).toEqual([]);
    const { findings } = await verifyBundle(path, { verifier, witnesses });
    expect(findings.map(({ message }) => message)).toEqual([
      "the checkpoint at the end is invalid: the signature of the witness witness.example/one is not valid for the note",
    ]);
  });

  test("is accepted as a checkpoint seen before, among others in a file, and is stored unchanged", async () => {
    const root = Buffer.alloc(32, 7);
    const notes = [1n, 2n].map((size) =>
      signCheckpoint({ origin: signer.name, size, root }, signer),
    );
    const [first = "", second = ""] = notes;
    const path = await bundleUnder(note);
    const file = (text: string): string => {
      writeFileSync(path, text);
      return path;
    };
    const kept =
      first + timed.line(textOf(first), 5) + unknownLine + second + plainLine(textOf(second));
    expect(await readCheckpoint(file(kept), verifier, witnesses)).toMatchObject({
      size: 2n,
      witnessedBy: ["witness.example/two"],
      earlier: [{ size: 1n, witnessedBy: ["witness.example/one"] }],
    });
    const wrong = first + timed.line(textOf(second), 5) + second;
    await expect(readCheckpoint(file(wrong), verifier, witnesses)).rejects.toThrow(
      /line 1: the signature of the witness witness.example\/one is not valid/,
    );
    expect(textOf(second).split("\n")[1]).toBe("2");
  });
});
