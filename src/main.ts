/** The program: `bin/fleetledger.js` brings it onto a Node that can run it. */
import { boundGarbage } from "./bounded-garbage.ts";
import { runProgram } from "./cli/program.ts";

boundGarbage();

// Started by `bin/fleetledger.js` on another Node: if that is killed, nobody is left to stop this one,
// and it would go on holding its port and the writer's lock.
if (process.channel !== undefined && process.channel !== null) {
  process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel.unref();
}

process.exitCode = await runProgram(process.argv.slice(2));
