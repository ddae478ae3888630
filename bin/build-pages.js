// Builds the scripts of the pages after an installation. Where vite was left out (`--omit=dev`), there is nothing to do:
// the ledger then serves its pages without scripts, and says so.
import { existsSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const vite = fileURLToPath(new URL("../node_modules/vite/bin/vite.js", import.meta.url));
const config = fileURLToPath(new URL("../src/dashboard/build/vite.config.ts", import.meta.url));

if (!existsSync(vite)) {
  console.error("vite is not installed, so the scripts of the pages are not built.");
} else {
  const { status } = spawnSync(process.execPath, [vite, "build", "--config", config], {
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
}
