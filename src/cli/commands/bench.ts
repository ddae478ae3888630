/** `fleetledger bench`: throughput and latency side by side with the bare means. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { AddCommand } from "../options/command.ts";
import { exitCodes, UsageError } from "../terminal/terminal.ts";

const entry = fileURLToPath(new URL("../../../bench/main.ts", import.meta.url));

export const addBench: AddCommand = (program, { done }) => {
  program
    .command("bench")
    .description("Measure this machine: every figure beside the bare loop that it is held against.")
    .argument("[options...]", "passed on to the benches")
    .allowUnknownOption()
    .action(async (args: string[]) => {
      if (!existsSync(entry)) throw new UsageError("the benches are not part of this installation");
      // A process of its own: a bench measures memory too.
      const child = spawn(process.execPath, ["--expose-gc", entry, ...args], { stdio: "inherit" });
      const [code] = (await once(child, "exit")) as [number | null];
      if (code !== 0) done(exitCodes.finding);
    });
};
