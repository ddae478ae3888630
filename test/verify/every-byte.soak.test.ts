/** Bundles in which no byte can be changed, cut out or put in unseen; the one of which each byte is changed has a file of its own. */
import { expect, test } from "vitest";
import { randomSource } from "../histories/random-source.ts";
import { soakRuns } from "../random-runs.ts";
import { missedChange } from "./changed-bytes.ts";
import { findingsOf, sealedBundle } from "./sealed-bundle.ts";

test("verify finds changed bytes of a bundle with corrections and seals, and without reports", async () => {
  const options = { nodes: ["n1"], reports: false };
  expect(await missedChange(options, ["FactCorrected", "LedgerSealed"], 2_000)).toBeNull();
});

test("verify finds changed bytes of a bundle with reports of several nodes", async () => {
  expect(await missedChange({}, ["ReportIssued"], 500)).toBeNull();
});

test("a bundle from which bytes were cut, or into which bytes were put, is not verified", async () => {
  const { bytes, path } = await sealedBundle();
  const random = randomSource(2);
  for (let run = 0; run < soakRuns(250, 10); run++) {
    const from = random.between(0, bytes.length - 1);
    const to = random.between(from + 1, bytes.length);
    const cut = Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
    expect(await findingsOf(path, cut), `without ${from} to ${to}`).not.toEqual([]);
    const put = Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
    expect(await findingsOf(path, put), `${from} to ${to} twice`).not.toEqual([]);
  }
});
