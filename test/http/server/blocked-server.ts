/** A server whose event loop stands still when it is told to. Speaks with its parent over IPC. */
import { pino } from "pino";
import { serve } from "../../../src/http/serve.ts";
import { memoryLedger } from "../app/memory-ledger.ts";

/** Turns of so long, one after another; other input gets its turn between two. */
interface Block {
  readonly turns: number;
  readonly ms: number;
}

const server = await serve({
  ledger: memoryLedger(),
  logger: pino({ level: "silent" }),
  port: 0,
  stopOnSignals: false,
  maxEventLoopDelayMs: Number(process.argv[2]),
});

process.on("message", ({ turns, ms }: Block) => {
  const turn = (left: number) => {
    if (left === 0) {
      process.send?.({ done: true });
      return;
    }
    const end = performance.now() + ms;
    while (performance.now() < end);
    setTimeout(turn, 0, left - 1);
  };
  turn(turns);
});
process.once("disconnect", () => process.exit(0));
process.send?.({ port: server.port });
