/** Bytes of files are read page by page, of which a bounded number stay in memory. */
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KeptPages, pageBytes } from "../../src/read-model/columns/kept-pages.ts";
import { keptWithin, pageChecks, StoredBytes } from "../../src/read-model/columns/stored-bytes.ts";
import type { KeptOfFiles } from "../../src/read-model/columns/stored-bytes.ts";
import { randomOf } from "../../bench/node-history.ts";

const sizeBytes = 9 * pageBytes + 1_234;
const random = randomOf(11);
const content = Buffer.from(Uint8Array.from({ length: sizeBytes }, () => 256 * random()));

let folder: string;
let fd: number;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fleetledger-pages-"));
  writeFileSync(join(folder, "f"), content);
  fd = openSync(join(folder, "f"), "r+");
});
afterAll(() => {
  closeSync(fd);
  rmSync(folder, { recursive: true });
});

const changes: string[] = [];

/** The part of the file from `begin` on. */
function stored(kept: KeptOfFiles, begin = 0): StoredBytes {
  const checks = pageChecks(content.subarray(begin));
  const onChanged = (what: string) => void changes.push(what);
  return new StoredBytes({ fd, begin, sizeBytes: sizeBytes - begin, checks, onChanged }, kept);
}

function bytesAt(bytes: StoredBytes, at: number, length: number): Buffer {
  const from = bytes.locate(at, length);
  return Buffer.from(bytes.located.subarray(from, from + length));
}

describe("stored bytes", () => {
  test.each([0, 3 * pageBytes, 64 * pageBytes])(
    "are those of the file wherever they lie, with room for %i bytes",
    (maxBytes) => {
      const kept = keptWithin(maxBytes);
      const parts = [0, 5, pageBytes + 7].map((begin) => ({ begin, bytes: stored(kept, begin) }));
      let differing = 0;
      for (let i = 0; i < 3_000; i++) {
        const { begin, bytes } = parts[i % parts.length] ?? { begin: 0, bytes: stored(kept) };
        const at = Math.floor(random() * (sizeBytes - begin));
        const length = Math.floor(random() ** 4 * Math.min(3 * pageBytes, sizeBytes - begin - at));
        const found = bytesAt(bytes, at, length);
        if (!found.equals(content.subarray(begin + at, begin + at + length))) differing++;
      }
      expect(differing).toBe(0);
    },
  );

  test("stay as they are while they are held, whatever is read meanwhile", () => {
    const bytes = stored(keptWithin(0));
    const from = bytes.locate(10, 100);
    const held = bytes.located;
    bytes.hold();
    for (let page = 1; page < 9; page++) bytesAt(bytes, page * pageBytes, 50);
    expect(held.subarray(from, from + 100).equals(content.subarray(10, 110))).toBe(true);
  });

  test("are refused where they changed, and what did not change is read as before", () => {
    const bytes = stored(keptWithin(2 * pageBytes));
    const at = 4 * pageBytes + 17;
    writeSync(fd, Buffer.from([255 - (content[at] ?? 0)]), 0, 1, at);
    try {
      expect(() => bytes.locate(at, 1)).toThrow("It is being rebuilt");
      expect(changes).toEqual([`its bytes ${4 * pageBytes} to ${5 * pageBytes - 1} have changed`]);
      const pages = [0, 1, 2, 3, 5, 6, 7, 8].map((page) => page * pageBytes);
      for (const begin of pages)
        expect(bytesAt(bytes, begin, 9).equals(content.subarray(begin, begin + 9))).toBe(true);
    } finally {
      writeSync(fd, content, at, 1, at);
    }
    expect(bytesAt(bytes, at, 1)).toEqual(content.subarray(at, at + 1));
  });
});

describe("kept pages", () => {
  test("are as many as the bound has room for; the one that goes was not used since the last look", () => {
    const pages = new KeptPages(3 * pageBytes);
    const forgotten: number[] = [];
    const owner = { forget: (page: number) => void forgotten.push(page) };
    const slots = [1, 2, 3].map((page) => {
      const slot = pages.take();
      pages.own(slot, owner, page);
      return slot;
    });
    expect(new Set(slots).size).toBe(3);
    // All were used when they came: the hand passes each once.
    pages.own(pages.take(), owner, 4);
    expect(forgotten).toEqual([1]);
    pages.use(slots[1] ?? -1);
    pages.own(pages.take(), owner, 5);
    expect(forgotten).toEqual([1, 3]);
  });
});
