/** Bundles in which no byte can be changed, cut out or put in unseen. */
import { expect, test } from "vitest";
import { randomSource } from "../histories/random-source.ts";
import { soakRuns } from "../random-runs.ts";
import { flawsOf, sealedBundle } from "./sealed-bundle.ts";

/** `most`: how many bytes a soak changes; the last bundle is like the one before it, and longer. */
const bundles = [
  { what: "corrections and seals", options: { nodes: ["n1"], reports: false }, most: Infinity },
  { what: "reports, corrections and seals", options: { nodes: ["n1"] }, most: Infinity },
  { what: "reports of several nodes", options: {}, most: 500 },
];

test.each(bundles)(
  "verify finds every changed byte of a bundle with $what",
  async ({ options, most }) => {
    const { bytes, path } = await sealedBundle(options);
    for (const type of [
      "FactCorrected",
      "LedgerSealed",
      ...(options.reports === false ? [] : ["ReportIssued"]),
    ]) {
      expect(bytes.includes(`"type":"${type}"`), type).toBe(true);
    }
    expect(await flawsOf(path, bytes)).toEqual([]);
    const random = randomSource(4);
    // Spread evenly over the file, so that each part of it is met.
    const count = soakRuns(Math.min(bytes.length, most), 50);
    const offset = random.between(0, bytes.length - 1);
    for (let n = 0; n < count; n++) {
      const at = (offset + Math.floor((n * bytes.length) / count)) % bytes.length;
      const old = bytes[at] ?? 0;
      // Any other value, half of them by a single bit.
      const change = random.chance(0.5) ? 1 << random.between(0, 7) : random.between(1, 255);
      const changed = Buffer.from(bytes);
      changed[at] = old ^ change;
      const flaws = await flawsOf(path, changed);
      expect(flaws, `byte ${at}: ${old} became ${old ^ change}`).not.toEqual([]);
    }
    console.info(`${count} of ${bytes.length} bytes changed, one at a time: each was found`);
  },
  1_200_000,
);

test("a bundle from which any bytes are cut, or into which any are put, is not verified", async () => {
  const { bytes, path } = await sealedBundle();
  const random = randomSource(2);
  for (let run = 0; run < soakRuns(500, 25); run++) {
    const from = random.between(0, bytes.length - 1);
    const to = random.between(from + 1, bytes.length);
    const cut = Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
    expect(await flawsOf(path, cut), `without ${from} to ${to}`).not.toEqual([]);
    const put = Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
    expect(await flawsOf(path, put), `${from} to ${to} twice`).not.toEqual([]);
  }
}, 600_000);
