import fc from "fast-check";
import { expect, test } from "vitest";
import { LineSplitter } from "../../../src/http/bodies/ndjson-lines.ts";
import { randomRuns } from "../../random-runs.ts";

const maxLineBytes = 12;

/** Number and bytes of each line, as plainly as can be said. */
function plainLines(bytes: Buffer): [number, string | null][] {
  const lines: [number, string | null][] = [];
  const texts = bytes.toString("latin1").split("\n");
  if (texts.at(-1) === "") texts.pop();
  for (const [i, text] of texts.entries()) {
    const bare = text.endsWith("\r") ? text.slice(0, -1) : text;
    if (text.length > maxLineBytes) lines.push([i + 1, null]);
    else if (/[^ \t]/.test(bare)) lines.push([i + 1, bare]);
  }
  return lines;
}

const piece = fc.constantFrom(
  ..."\n|\n\n|\r\n|\r| |\t|a|{}|0123456789ab|0123456789abc|é|\u{1f600}".split("|"),
);
const cut = fc.array(fc.nat(40), { maxLength: 6 });

test("the lines of a body are the same wherever its chunks are cut, even within a character", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), cut, (pieces, cuts) => {
      const bytes = Buffer.from(pieces.join(""));
      const splitter = new LineSplitter(maxLineBytes);
      const lines = [];
      let begin = 0;
      for (const size of [...cuts, bytes.length]) {
        lines.push(...splitter.push(bytes.subarray(begin, begin + size)));
        begin = Math.min(bytes.length, begin + size);
      }
      lines.push(...splitter.end());
      const seen = lines.map(({ number, content }) => [
        number,
        content === null ? null : Buffer.from(content).toString("latin1"),
      ]);
      expect(seen).toEqual(plainLines(bytes));
    }),
    { numRuns: randomRuns(1_000) },
  );
});
