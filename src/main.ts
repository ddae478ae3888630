/** The program: `bin/fleetledger.js` brings it onto a Node that can run it. */
import { runProgram } from "./cli/program.ts";

process.exitCode = await runProgram(process.argv.slice(2));
