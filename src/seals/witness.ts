/** Where checkpoints go outside the ledger: somebody who rewrites its store cannot reach them there. */
import { open, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { LedgerError } from "../errors.ts";
import { sealAttemptMs } from "../limits/seals.ts";

export interface Witness {
  /** For the log: the file's name, or the address without what may be secret in it. */
  readonly description: string;
  /** Resolves once the checkpoint is durably there. */
  write(checkpoint: string): Promise<void>;
}

/** What begins like an address. One letter before the colon may be a file's name all the same. */
const schemeForm = /^([a-z][a-z0-9+.-]+):/i;

/**
 * The witness that a text names: an address (`https://…`, `http://…`), else a file. Throws `invalid-request`, without a
 * word of what may be a secret: of an address only the scheme and the host are ever shown.
 */
export function witness(name: string): Witness {
  if (name === "") throw new LedgerError("invalid-request", "the witness has no name");
  const scheme = schemeForm.exec(name)?.[1]?.toLowerCase();
  // An address without its scheme: as a file's name it would be shown, with the password that it may have.
  if (name.startsWith("//")) {
    throw new LedgerError(
      "invalid-request",
      "the witness cannot be used: it begins with //. An address begins with https:// or http://, a file's path with one /",
    );
  }
  if (scheme === undefined) return file(name);
  if (/^https?:\/\//i.test(name)) return webhook(name);
  throw new LedgerError(
    "invalid-request",
    `the witness cannot be used: checkpoints are posted to https://HOST/… or http://HOST/…, or appended to a file. ${scheme}: is neither (write a file of that name as ./${scheme}:…)`,
  );
}

/** Appends, but for the checkpoint that the file ends with already; one is five lines, so the last five are the newest. */
function file(path: string): Witness {
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

function webhook(address: string): Witness {
  const url = addressOf(address);
  const headers: Record<string, string> = { "content-type": "text/plain; charset=utf-8" };
  const login = `${decoded(url.username)}:${decoded(url.password)}`;
  if (login !== ":") headers["authorization"] = `Basic ${Buffer.from(login).toString("base64")}`;
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  const hasMore = bare.pathname !== "/" || bare.search !== "";
  const description = `${bare.origin}/${hasMore ? "…" : ""}`;
  return {
    description,
    async write(checkpoint) {
      const { ok, status } = await post(bare, headers, checkpoint).catch((error: unknown) => {
        // Not kept as the cause: what a client says of an address it cannot use may quote all of it.
        throw new LedgerError("store-unavailable", `${description} ${reasonOf(error, url)}`);
      });
      if (ok) return;
      throw new LedgerError("store-unavailable", `${description} answered ${status}`);
    },
  };
}

function addressOf(address: string): URL {
  const url = URL.parse(address);
  if (url === null) {
    throw new LedgerError(
      "invalid-request",
      "the witness is not a valid address; percent-encode @ : / # ? % in a user's name or password",
    );
  }
  return url;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new LedgerError(
      "invalid-request",
      "the witness's user or password has a % that is not percent-encoding; write %25",
    );
  }
}

async function post(url: URL, headers: Record<string, string>, body: string): Promise<Response> {
  const signal = AbortSignal.timeout(sealAttemptMs);
  const response = await fetch(url, { method: "POST", headers, body, redirect: "error", signal });
  await response.body?.cancel();
  return response;
}

/** Why it could not be posted, in the words of what lies behind the client's failure. */
function reasonOf(error: unknown, { username, password, pathname, search }: URL): string {
  let last = error;
  while (last instanceof Error && last.cause !== undefined) last = last.cause;
  // Several addresses of one name that were tried in vain have a code, and no message.
  const code = last instanceof Error && "code" in last ? String(last.code) : "";
  const words = last instanceof Error ? last.message || code || last.name : String(last);
  const secrets = [username, password, pathname, search].filter((text) => text.length > 1);
  const isSafe = secrets.every((text) => !words.includes(text));
  return isSafe ? `could not be reached: ${words}` : "could not be reached";
}
