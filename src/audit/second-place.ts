/** Where checkpoints go beside the ledger: whoever rewrites its store does not reach them there. */
import { open, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { LedgerError } from "../errors.ts";
import { sealAttemptMs } from "../limits.ts";

export interface SecondPlace {
  /** For the log: the file's name, or the address without what may be secret in it. */
  readonly description: string;
  /** Resolves once the checkpoint is durably there. */
  write(checkpoint: string): Promise<void>;
}

/** The place that a text names: an address (`https://…`, `http://…`), else a file. Throws `invalid-request`. */
export function secondPlace(name: string): SecondPlace {
  if (name === "") throw new LedgerError("invalid-request", "the second place has no name");
  return /^https?:\/\//i.test(name) ? webhook(name) : file(name);
}

/** Appends, but for the checkpoint that the file ends with already; one is five lines, so the last five are the newest. */
function file(path: string): SecondPlace {
  return {
    description: path,
    async write(checkpoint) {
      const end = await lastBytes(path, Buffer.byteLength(checkpoint));
      const handle = await open(path, "a", 0o644);
      try {
        if (end !== checkpoint) {
          // A write that was cut off must not take the next checkpoint with it.
          const isTorn = end !== "" && !end.endsWith("\n");
          await handle.appendFile(isTorn ? `\n${checkpoint}` : checkpoint, "utf8");
        }
        await handle.datasync();
      } finally {
        await handle.close();
      }
    },
  };
}

/** Nothing of a file that is not there yet, may be written to only, or is no plain file and has no end. */
async function lastBytes(path: string, count: number): Promise<string> {
  let handle: FileHandle;
  try {
    if (!(await stat(path)).isFile()) return "";
    handle = await open(path, "r");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ENOENT" || code === "EACCES") return "";
    throw error;
  }
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(Math.min(count, size));
    await handle.read(bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString("utf8");
  } finally {
    await handle.close();
  }
}

function webhook(address: string): SecondPlace {
  let url: URL;
  try {
    url = new URL(address);
  } catch (error) {
    throw new LedgerError("invalid-request", `${address} is no address`, { cause: error });
  }
  return {
    description: `${url.origin}${url.pathname}`,
    async write(checkpoint) {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "text/plain; charset=utf-8" },
        body: checkpoint,
        redirect: "error",
        signal: AbortSignal.timeout(sealAttemptMs),
      });
      await response.body?.cancel();
      if (response.ok) return;
      throw new LedgerError("store-unavailable", `${url.host} answered ${response.status}`);
    },
  };
}
