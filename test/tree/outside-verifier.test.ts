import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { auditedApp } from "../http/app/audited-app.ts";
import type { AuditedApp } from "../http/app/audited-app.ts";
import { history } from "../http/app/small-app.ts";
import { headOf, isConsistent, isIncluded, leafHashOf, rootOver } from "./outside-verifier.ts";

let ledger: AuditedApp;
beforeEach(async () => void (ledger = await auditedApp()));
afterEach(() => ledger.close());

const bytes = (text: unknown) => Buffer.from(String(text), "base64");
const all = (list: unknown) => (list as string[]).map(bytes);

describe("a verifier written only from docs/audit.md", () => {
  test("accepts the proof of every event, and rejects that of a changed event", async () => {
    for (const { id } of history) {
      const { json } = await ledger.get(`/v1/audit/proof/${String(id)}`);
      const head = headOf(String(json["checkpoint"]), ledger.verifierKey);
      const [index, leaf] = [BigInt(Number(json["leafIndex"])), String(json["leaf"])];
      const hashes = all(json["hashes"]);
      expect(isIncluded(leafHashOf(leaf), index, head, hashes)).toBe(true);
      expect(isIncluded(leafHashOf(`${leaf} `), index, head, hashes)).toBe(false);
      expect(isIncluded(leafHashOf(leaf), (index + 1n) % head.size, head, hashes)).toBe(false);
    }
  });

  test("accepts that each checkpoint continues each earlier one", async () => {
    const headAt = async (size: number) => {
      const { text } = await ledger.get(`/v1/audit/checkpoint?size=${size}`);
      return headOf(text, ledger.verifierKey);
    };
    const heads = await Promise.all(history.map((_, at) => headAt(at + 1)));
    for (const [to, second] of heads.entries()) {
      for (const [from, first] of heads.slice(0, to + 1).entries()) {
        const url = `/v1/audit/consistency?from=${from + 1}&to=${to + 1}`;
        const { json } = await ledger.get(url);
        expect(isConsistent(first, second, all(json["hashes"])), url).toBe(true);
      }
    }
  });

  test("computes the root of the checkpoint over all leaves", async () => {
    const hashes: Buffer[] = [];
    for (const { id } of history) {
      const { json } = await ledger.get(`/v1/audit/proof/${String(id)}`);
      hashes[Number(json["leafIndex"])] = leafHashOf(String(json["leaf"]));
    }
    const { text } = await ledger.get("/v1/audit/checkpoint");
    const { size, root } = headOf(text, ledger.verifierKey);
    expect(BigInt(hashes.length)).toBe(size);
    expect(rootOver(hashes).equals(root)).toBe(true);
  });

  test("refuses a checkpoint that the key has not signed", async () => {
    const { text } = await ledger.get("/v1/audit/checkpoint");
    const larger = text.replace(/\n\d+\n/, "\n13\n");
    expect(() => headOf(larger, ledger.verifierKey)).toThrow("the signature is wrong");
    const other = text.replaceAll("ledger.example", "other.example");
    expect(() => headOf(other, ledger.verifierKey)).toThrow("not signed once by the key");
  });

  test("imports nothing of the project", () => {
    const source = readFileSync(new URL("outside-verifier.ts", import.meta.url), "utf8");
    expect(source.match(/ from ".*"/g)).toEqual([' from "node:crypto"']);
  });
});
