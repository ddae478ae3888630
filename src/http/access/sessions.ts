/**
 * Sessions of browsers. A cookie names a key and is signed; the key is looked up at each request, so that the session ends
 * with it. Nothing is kept of a session.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { sessionMs } from "../../limits/access.ts";
import { parseHost } from "./allowed-hosts.ts";
import type { ApiRequest } from "../server/api.ts";

/** The public part of the key of the environment, in cookies. */
export const environmentKey = "env";

interface SessionOptions {
  /** Signs cookies; several instances that share it accept each other's. */
  readonly secret: Uint8Array;
  /** Where browsers reach the ledger; `https:` if a proxy speaks TLS for it. */
  readonly publicUrl: string | undefined;
  /** What a session also depends on: it ends when the key of the environment changes. */
  readonly apiKey: string | undefined;
  readonly nowMs: () => number;
}

interface Session {
  /** The public part of its key. */
  readonly key: string;
  /** How long it still lasts, in milliseconds. */
  readonly leftMs: number;
}

export class Sessions {
  readonly #options: SessionOptions;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** The cookie's name for a request; `null` where its reader's connection may be overheard, so that nobody logs in. */
  cookieName(request: Pick<ApiRequest, "headers" | "ip">): "__Host-fl" | "fl" | null {
    if (this.#options.publicUrl?.startsWith("https:") === true) return "__Host-fl";
    const host = parseHost(request.headers.host ?? "");
    return host !== null && isLoopbackName(host.name) && isLoopbackAddress(request.ip)
      ? "fl"
      : null;
  }

  /** The session of a request's cookie, if it is signed and has not expired. */
  of(request: Pick<ApiRequest, "headers" | "ip">): Session | null {
    const name = this.cookieName(request);
    const value = name === null ? null : cookieOf(request.headers.cookie, name);
    if (value === null) return null;
    const [, text, key, expiry, signature] =
      /^(([0-9a-z]+)\.([0-9a-z]+)\.[\w-]{22})\.([\w-]{43})$/.exec(value) ?? [];
    if (text === undefined || key === undefined || signature === undefined) return null;
    const expected = Buffer.from(this.#signatureOf(text, key));
    if (!timingSafeEqual(Buffer.from(signature), expected)) return null;
    const leftMs = parseInt(expiry ?? "0", 36) - this.#options.nowMs();
    return leftMs > 0 ? { key, leftMs } : null;
  }

  /** The header that begins a session. */
  begun(name: "__Host-fl" | "fl", key: string): string {
    const expiry = Math.floor(this.#options.nowMs() + sessionMs).toString(36);
    const text = `${key}.${expiry}.${randomBytes(16).toString("base64url")}`;
    return cookie(name, `${text}.${this.#signatureOf(text, key)}`, sessionMs / 1_000);
  }

  /** The header that ends it in this browser. */
  ended(name: "__Host-fl" | "fl"): string {
    return cookie(name, "", 0);
  }

  #signatureOf(text: string, key: string): string {
    const { secret, apiKey } = this.#options;
    const also = key === environmentKey ? (apiKey ?? "") : "";
    return createHmac("sha256", secret).update(`${text}\n${also}`).digest("base64url");
  }
}

function cookie(name: "__Host-fl" | "fl", value: string, maxAgeSeconds: number): string {
  const secure = name === "__Host-fl" ? "; Secure" : "";
  return `${name}=${value}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${maxAgeSeconds}${secure}`;
}

function cookieOf(header: string | undefined, name: string): string | null {
  const pairs = (header ?? "").split(";").map((pair) => pair.trim());
  const found = pairs.find((pair) => pair.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? null;
}

function isLoopbackName(name: string): boolean {
  return name === "localhost" || name === "[::1]" || (isIP(name) === 4 && name.startsWith("127."));
}

export function isLoopbackAddress(address: string): boolean {
  return address === "::1" || /^(::ffff:)?127\./.test(address);
}
