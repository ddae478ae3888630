/** A ledger served by a process of its own, as users start it, whose live heap can be measured from outside. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** Bytes after a forced collection: JavaScript objects, and the buffers that they hold. */
export interface LiveHeap {
  readonly objectBytes: number;
  readonly bufferBytes: number;
  readonly residentBytes: number;
}

export interface ServedLedger {
  readonly url: string;
  readonly pid: number;
  liveHeap(): Promise<LiveHeap>;
  /** Begins to watch how late turns of the event loop come. */
  watchTurns(): Promise<void>;
  /** The latest turn since then, in milliseconds. */
  latestTurnMs(): Promise<number>;
  /** Processor time used so far, in milliseconds. */
  cpuMs(): number;
  /** Stops it with SIGTERM; resolves with the milliseconds that took. Throws if it did not exit with 0. */
  stop(): Promise<number>;
}

/** Serves a ledger in a file. Resolves once the server listens. */
export async function serveLedger(
  path: string,
  more: readonly string[] = [],
): Promise<ServedLedger> {
  return await serveStore(`sqlite:${path}`, more);
}

/** As `serveLedger`, of the store with this name. */
export async function serveStore(name: string, more: readonly string[]): Promise<ServedLedger> {
  const args = ["--inspect=127.0.0.1:0", program, "serve", "--store", name];
  const options = ["--port", "0", "--log-level", "warn", ...more];
  const child = spawn(process.execPath, [...args, ...options], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const { url, inspector } = await addressesOf(child);
  return {
    url,
    pid: child.pid ?? 0,
    liveHeap: () => liveHeapOf(inspector, child.pid ?? 0),
    watchTurns: async () => void (await evaluated(inspector, watchTurns)),
    latestTurnMs: () => evaluated(inspector, "globalThis.benchTurns.max / 1e6"),
    cpuMs: () => cpuMsOf(child.pid ?? 0),
    stop: async () => {
      const begin = performance.now();
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      const [code] = (await exit) as [number | null];
      if (code !== 0) throw new Error(`the server stopped with ${code}`);
      return performance.now() - begin;
    },
  };
}

/** Reads what the server says until both addresses are known; what it says later is passed on. */
async function addressesOf(child: ChildProcess): Promise<{ url: string; inspector: string }> {
  if (child.stderr === null) throw new Error("the server has no standard error");
  let inspector: string | undefined;
  const lines = createInterface({ input: child.stderr });
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
    lines.on("line", (line) => {
      inspector ??= /(ws:\/\/\S+)/.exec(line)?.[1];
      const url = / at (http:\S+?)\/ /.exec(line)?.[1];
      if (url !== undefined && inspector !== undefined) resolve({ url, inspector });
      else if (url === undefined && line.startsWith("{")) process.stderr.write(`${line}\n`);
    });
  });
}

const watchTurns = `(globalThis.benchTurns ??= process.getBuiltinModule("node:perf_hooks")
  .monitorEventLoopDelay({ resolution: 5 })).enable(), globalThis.benchTurns.reset(), 0`;

/** The number that an expression has in the served process. */
async function evaluated(inspector: string, expression: string): Promise<number> {
  const socket = new WebSocket(inspector);
  await once(socket, "open");
  const { result } = (await call(socket, 1, "Runtime.evaluate", { expression })) as unknown as {
    result: { value: number };
  };
  socket.close();
  return result.value;
}

/** Ticks of the kernel's clock are hundredths of a second. */
function cpuMsOf(pid: number): number {
  const [, rest = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  const fields = rest.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function liveHeapOf(inspector: string, pid: number): Promise<LiveHeap> {
  const socket = new WebSocket(inspector);
  await once(socket, "open");
  // What finalizers let go of is collected by the second round.
  await call(socket, 1, "HeapProfiler.collectGarbage");
  await call(socket, 2, "HeapProfiler.collectGarbage");
  const usage = await call(socket, 3, "Runtime.getHeapUsage");
  socket.close();
  return {
    objectBytes: usage["usedSize"] ?? Number.NaN,
    bufferBytes: usage["backingStorageSize"] ?? Number.NaN,
    residentBytes: residentBytesOf(pid),
  };
}

async function call(
  socket: WebSocket,
  id: number,
  method: string,
  params: object = {},
): Promise<Record<string, number>> {
  const answer = new Promise<string>((resolve) => {
    socket.addEventListener("message", function listen(message) {
      const text = String(message.data);
      if (!text.startsWith(`{"id":${id},`)) return;
      socket.removeEventListener("message", listen);
      resolve(text);
    });
  });
  socket.send(JSON.stringify({ id, method, params }));
  const { result, error } = JSON.parse(await answer) as {
    result?: Record<string, number>;
    error?: unknown;
  };
  if (result === undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
  return result;
}

function residentBytesOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) * 1_024;
}
