/** Where data written by others is found, if it is there at all: none of it is the project's. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const sharedData = fileURLToPath(new URL("../../../shared/data/", import.meta.url));
export const hasSharedData = existsSync(sharedData);

/** Says why tests are skipped; a skip without a word would look like a pass. */
export function explainSkip(what: string): void {
  if (!hasSharedData)
    console.warn(`skipped: ${what}: there is no folder ../shared/data beside the project`);
}
