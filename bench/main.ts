/**
 * `npm run bench`, or `npm run bench -- NAME … [--OPTION VALUE …]`: every figure beside its baseline, in one run.
 * Each bench has its own process, so that none is measured on the memory of another.
 */
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import type { BenchOrder } from "./order.ts";
import { benchHelp, benches, OrderError, readOrder } from "./order.ts";

function orderOrExit(): BenchOrder {
  try {
    return readOrder(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof OrderError)) throw error;
    process.stderr.write(`bench: ${error.message}\n`);
    process.exit(2);
  }
}

const order = orderOrExit();
if (order.isHelp) {
  process.stdout.write(benchHelp());
  process.exit(0);
}

process.stdout.write(
  `node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}\n\n`,
);
let failed = 0;
for (const name of order.names) {
  process.stdout.write(`# ${name}: ${benches[name]?.measures}\n`);
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const args = [...process.execArgv, file, ...order.options];
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (status !== 0) {
    failed++;
    process.stdout.write(`${name} failed (exit ${status})\n\n`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
