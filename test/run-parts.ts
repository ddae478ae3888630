/** `node test/run-parts.ts PART …`: runs npm scripts one after the other, and says how long each took. */
import { spawnSync } from "node:child_process";

const took: string[] = [];
let totalMs = 0;
let status = 0;

const words = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

for (const part of process.argv.slice(2)) {
  console.log(`== ${part}`);
  const startMs = performance.now();
  const { status: code, signal } = spawnSync("npm", ["run", "--silent", part], {
    stdio: "inherit",
  });
  const ms = performance.now() - startMs;
  totalMs += ms;
  status = signal === null ? (code ?? 1) : 1;
  took.push(`${part} ${words(ms)}${status === 0 ? "" : " FAILED"}`);
  if (status !== 0) break;
}
console.log(`\n${took.join(", ")}; ${words(totalMs)} in all`);
process.exitCode = status;
