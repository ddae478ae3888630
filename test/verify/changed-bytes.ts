/** Changes a bundle byte by byte, and asks `verify` each time. */
import { randomSource } from "../histories/random-source.ts";
import { soakRuns } from "../random-runs.ts";
import type { SealedOptions } from "../seals/sealed-ledger.ts";
import { findingsOf, sealedBundle } from "./sealed-bundle.ts";

/**
 * The first change that `verify` does not find, in words; `null` if it finds each. In a soak up to `most` bytes are
 * changed, each alone; else twenty. Throws if the bundle lacks an event of one of `types`, or is not good to begin with.
 */
export async function missedChange(
  options: SealedOptions,
  types: readonly string[],
  most: number = Infinity,
): Promise<string | null> {
  const { bytes, path } = await sealedBundle(options);
  const lacking = types.find((type) => !bytes.includes(`"type":"${type}"`));
  if (lacking !== undefined) throw new Error(`the bundle holds no ${lacking}`);
  if ((await findingsOf(path, bytes)).length > 0)
    throw new Error("the unchanged bundle is not good");
  const random = randomSource(4);
  // Spread evenly over the file, so that each part of it is met.
  const count = soakRuns(Math.min(bytes.length, most), 20);
  const offset = random.between(0, bytes.length - 1);
  for (let n = 0; n < count; n++) {
    const at = (offset + Math.floor((n * bytes.length) / count)) % bytes.length;
    const old = bytes[at] ?? 0;
    // Any other value, half of them by a single bit.
    const change = random.chance(0.5) ? 1 << random.between(0, 7) : random.between(1, 255);
    const changed = Buffer.from(bytes);
    changed[at] = old ^ change;
    const findings = await findingsOf(path, changed);
    if (findings.length === 0) return `byte ${at}: ${old} became ${old ^ change}`;
  }
  console.info(`${count} of ${bytes.length} bytes changed, one at a time: each was found`);
  return null;
}
