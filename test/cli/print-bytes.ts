/** A process of its own for `locale.test.ts`: imports events, and prints whatever has bytes to compare. */
import { readFileSync } from "node:fs";
import { run } from "./run.ts";

const [events = "", store = "", secret = "", publicKey = "", bundle = "", cluster = ""] =
  process.argv.slice(2);
const from = ["--store", store];

async function print(...args: string[]): Promise<void> {
  const { code, out, said } = await run(...args);
  if (code !== 0) throw new Error(`${args.join(" ")}: ${said}`);
  process.stdout.write(`# ${args[0]}\n${out}`);
}

await print("import", "events", events, "--keep-recorded-at", ...from);
const month = ["--cluster", cluster, "--period", "2026-03", "--zone", "Europe/Berlin"];
await print("report", ...month, "--format", "json", "--canonical", ...from);
await print("report", ...month, "--format", "text", ...from);
await print("report", ...month, "--format", "csv", ...from);
await print("export", bundle, "--bundle", "--key", secret, ...from);
process.stdout.write(readFileSync(bundle));
await print("verify", bundle, "--key", publicKey);
await print("replay", ...from);
