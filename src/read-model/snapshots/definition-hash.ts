/** One hash of the code that computes the read model; when it changes, everything derived is derived again. */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";

let known: string | null = null;

/** SHA-256, in hexadecimal, over the names and sources of all projections, event types and parts of the read model. */
export function definitionHash(): string {
  known ??= hashSources([
    new URL("../../../projections/", import.meta.url),
    new URL("../../events/", import.meta.url),
    new URL("../", import.meta.url),
  ]);
  return known;
}

function hashSources(folders: readonly URL[]): string {
  const hash = createHash("sha256");
  for (const folder of folders) {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
    for (const name of names.filter((each) => each.endsWith(".ts")).sort()) {
      const source = readFileSync(new URL(name, folder));
      hash.update(`${name} ${source.length}\n`).update(source);
    }
  }
  return hash.digest("hex");
}
