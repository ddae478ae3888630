/** Where checkpoints go beside the ledger: whoever rewrites its store does not reach them there. */
import { open } from "node:fs/promises";
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

/** Appends; a checkpoint is five lines, so the last five are the newest. */
function file(path: string): SecondPlace {
  return {
    description: path,
    async write(checkpoint) {
      const handle = await open(path, "a", 0o644);
      try {
        await handle.appendFile(checkpoint, "utf8");
        await handle.datasync();
      } finally {
        await handle.close();
      }
    },
  };
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
