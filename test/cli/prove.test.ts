/** The proof of one event as a file, and what finds it wrong. */
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hashLeaf } from "../../src/events/canonical/merkle-hash.ts";
import { parseSigner, parseVerifier } from "../../src/tree/signed-note.ts";
import { signCheckpoint } from "../../src/tree/checkpoint.ts";
import { parseProof, proofText } from "../../src/tree/tlog-proof.ts";
import { verifyProof } from "../../src/verify/verify-proof.ts";
import { history } from "../http/app/small-app.ts";
import { run } from "./run.ts";
import type { ServedLedger } from "./served-ledger.ts";
import { servedLedger } from "./served-ledger.ts";

let served: ServedLedger;

beforeEach(async () => {
  served = await servedLedger();
});

afterEach(async () => {
  await served.close();
});

const fault = String(history[3]?.["id"]);
const last = String(history.at(-1)?.["id"]);

let files = 0;

/** Proves the event; gives a new file. */
async function proven(id: string, ...more: readonly string[]): Promise<string> {
  const file = served.path(`${files++}.tlog-proof`);
  const { code, said } = await run("prove", id, "--out", file, ...more);
  if (code !== 0) throw new Error(said);
  return file;
}

const check = (file: string, key = served.publicKey) => run("verify-proof", file, "--key", key);

describe("the proof of an event", () => {
  test("shows the event, its position, its tree, and who signed", async () => {
    const { code, out } = await check(await proven(fault, ...served.byServer));
    expect(code).toBe(0);
    expect(out).toContain(`NodeFailed ${fault}`);
    // Events of one request are laid down by stream: where this one stands is the store's to say.
    const sequence = (await served.ledger.store.findById(fault))?.sequence ?? 0;
    expect(out).toContain(`at sequence ${sequence}, revision 1 of node-alpha:n1`);
    expect(out).toContain('"faultId":"f1"');
    expect(out).toContain("of ledger.example, 12 events, root");
    expect(out).toContain("ledger.example, with the given key");
    expect(out).toMatch(/verified: no findings\n$/);
  });

  test("is the same from a store, under a newly signed head or under the last seal", async () => {
    const key = ["--key", served.secretKey];
    const overServer = readFileSync(await proven(fault, ...served.byServer), "utf8");
    expect(readFileSync(await proven(fault, ...served.byStore, ...key), "utf8")).toBe(overServer);
    await served.stop();
    await served.ledger.close();
    expect((await run("seal", ...served.byStore, ...key)).code).toBe(0);
    expect(readFileSync(await proven(last, ...served.byStore), "utf8")).toContain("\n12\n");
    expect((await check(await proven(last, ...served.byStore))).code).toBe(0);
  });

  test("is a C2SP tlog-proof: format, event, index, hashes, an empty line, checkpoint", async () => {
    const lines = readFileSync(await proven(fault, ...served.byServer), "utf8").split("\n");
    const leaf = Buffer.from(lines[1]?.slice("extra ".length) ?? "", "base64").toString("utf8");
    expect((JSON.parse(leaf) as { id: string }).id).toBe(fault);
    const sequence = (await served.ledger.store.findById(fault))?.sequence ?? 0;
    expect([lines[0], lines[2]]).toEqual(["c2sp.org/tlog-proof@v1", `index ${sequence - 1}`]);
    const end = lines.indexOf("");
    // Of twelve leaves the first eight have four hashes above them, the others three.
    expect(lines.slice(3, end).map((line) => Buffer.from(line, "base64").length)).toEqual(
      Array.from({ length: sequence <= 8 ? 4 : 3 }, () => 32),
    );
    expect(lines.slice(end, end + 3)).toEqual(["", "ledger.example", "12"]);
  });
});

describe("verify-proof refuses", () => {
  test("a file with any byte changed, missing or added", async () => {
    const bytes = readFileSync(await proven(last, ...served.byServer));
    const keys = {
      verifier: parseVerifier(readFileSync(served.publicKey, "utf8")),
      witnesses: [],
    };
    expect(verifyProof(bytes, keys).findings).toEqual([]);
    const passed: string[] = [];
    const expectFound = (what: string, changed: Buffer) => {
      if (verifyProof(changed, keys).findings.length === 0) passed.push(what);
    };
    for (let at = 0; at < bytes.length; at++) {
      for (const mask of [0x01, 0x20, 0x80]) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ mask;
        expectFound(`byte ${at} with ${mask}`, changed);
      }
      const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
      expectFound(`without byte ${at}`, Buffer.concat([before, after.subarray(1)]));
      for (const added of ["\n", " ", "A"]) {
        expectFound(
          `"${added}" before byte ${at}`,
          Buffer.concat([before, Buffer.from(added), after]),
        );
      }
    }
    expect(passed).toEqual([]);
  });

  test("another event in place of the proven one, even under a valid signature", async () => {
    const proof = parseProof(readFileSync(await proven(fault, ...served.byServer)));
    const other = proof.leaf.replace('"f1"', '"f9"');
    const file = served.write("other", proofText({ ...proof, leaf: other }));
    const { code, out } = await check(file);
    expect([code, out]).toEqual([1, expect.stringContaining("do not belong to the signed tree")]);
  });

  test("a leaf that is not an event, even if the key has signed its tree", async () => {
    const signer = parseSigner(readFileSync(served.secretKey, "utf8"));
    const leaf = "hello";
    const head = { origin: signer.name, size: 1n, root: hashLeaf(leaf) };
    const checkpoint = signCheckpoint(head, signer);
    const file = served.write("odd", proofText({ leaf, index: 0n, hashes: [], checkpoint }));
    const { code, out } = await check(file);
    expect([code, out]).toEqual([1, expect.stringContaining("event 1: ")]);
  });

  test("a proof signed with another key, and a file that is not a proof", async () => {
    await run("keys", "new", "--out", served.path("others"), "--name", "ledger.example");
    const file = await proven(fault, ...served.byServer);
    const other = await check(file, served.path("others/ledger.pub"));
    expect([other.code, other.out]).toEqual([1, expect.stringContaining("is not signed by")]);
    const none = await check(served.publicKey);
    expect([none.code, none.out]).toEqual([1, expect.stringContaining("not a proof of an event")]);
    expect((await check(served.path("nothing"))).code).toBe(2);
  });
});

describe("the file of a proof", () => {
  test("is never overwritten: a name in use is refused, and its file is unchanged", async () => {
    const file = served.write("taken", "kept");
    const { code, said } = await run("prove", fault, "--out", file, ...served.byServer);
    expect([code, said]).toEqual([
      2,
      expect.stringContaining(`${file} already exists; remove it, or name another file`),
    ]);
    expect(readFileSync(file, "utf8")).toBe("kept");
  });

  test("is named as the user wrote it if it cannot be written", async () => {
    const file = served.path("no-folder/x.tlog-proof");
    const { code, said } = await run("prove", fault, "--out", file, ...served.byServer);
    expect(code).toBe(2);
    expect(said).toContain(`${file}: no such file or folder`);
    expect(said).not.toContain(".part");
  });
});

describe("no proof is written", () => {
  const prove = (id: string, ...more: readonly string[]) =>
    run("prove", id, "--out", served.path("x"), ...more);

  test("for an event that no seal covers if there is no key; the message says how to get a proof", async () => {
    const { code, said } = await prove(fault, ...served.byStore);
    expect([code, said]).toEqual([
      2,
      expect.stringContaining("the ledger has no seal. Run `seal`"),
    ]);
  });

  test("for an event that does not exist", async () => {
    const nobody = "33333333-3333-4333-8333-333333333333";
    for (const named of [served.byStore, served.byServer]) {
      const { code, said } = await prove(nobody, ...named);
      expect([code, said]).toEqual([2, expect.stringContaining(`There is no event ${nobody}`)]);
    }
  });
});
