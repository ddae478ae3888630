/**
 * `npm run bench`, or `npm run bench -- NAME … [--option …]`: every figure beside what it is held
 * against, in one run. Each bench has a process of its own, so that none is measured on the memory of
 * another; options are handed on to each.
 */
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

const benches: Readonly<Record<string, string>> = {
  "store-append": "durable append against a bare loop and against the disk",
  ingest: "NDJSON over HTTP against a server that only parses",
  verify: "verification of a bundle of a million events against SHA-256 of the same bytes",
  kurrentdb: "appends to KurrentDB and the fill of a mirror against the bare client",
  "as-of": "a month's report as of a random sequence of a million events",
  year: "a year of a large fleet through HTTP: first answers, memory, waits",
  endurance: "half an hour of events, reports and live streams: the live heap beside a fresh one",
};
/** Run only when they are named: they take long. */
const named = new Set(["endurance", "year"]);

const given = process.argv.slice(2);
const firstOption = given.findIndex((word) => word.startsWith("--"));
const asked = firstOption < 0 ? given : given.slice(0, firstOption);
const options = given.slice(asked.length);
const unknown = asked.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0 || options.includes("--help")) {
  process.stderr.write(`benches: ${Object.keys(benches).join(", ")}\n`);
  process.exit(2);
}

process.stdout.write(
  `node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}\n\n`,
);
let failed = 0;
const unnamed = Object.keys(benches).filter((name) => !named.has(name));
for (const name of asked.length > 0 ? asked : unnamed) {
  process.stdout.write(`# ${name}: ${benches[name]}\n`);
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const args = [...process.execArgv, file, ...options];
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (status !== 0) {
    failed++;
    process.stdout.write(`${name} did not come to an end (exit ${status})\n\n`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
