/**
 * The host names that requests may use. Another site can make its own name resolve to this machine (DNS rebinding), and
 * its pages are then same-origin with the ledger. So a `Host` that is not the ledger's is refused, and writes must not
 * come from a page of another site (`Origin`).
 */
import { isIP } from "node:net";
import { LedgerError } from "../../errors.ts";
import type { Api } from "../server/api.ts";

interface HostRules {
  /** The address that is listened on. */
  readonly listening: string;
  /** Further names, each with a port or for every port, as accepted by `parseHost`. */
  readonly allowed: readonly string[];
}

interface Host {
  /** Lower case, without a dot at the end; an IPv6 address in brackets. */
  readonly name: string;
  readonly port: string | null;
}

const reading = new Set(["GET", "HEAD", "OPTIONS"]);
const anyAddress = new Set(["0.0.0.0", "[::]"]);
const defaultPorts = new Set(["80", "443"]);

/** Parses a host as in headers, with or without a port; `null` if it is malformed. */
export function parseHost(text: string): Host | null {
  const match = /^(\[[\da-f:.]+\]|[a-z\d_](?:[a-z\d._-]{0,253}[a-z\d_])?)\.?(?::(\d{1,5}))?$/i.exec(
    text,
  );
  if (match === null) return null;
  const name = match[1]?.toLowerCase() ?? "";
  if (name.startsWith("[") && isIP(name.slice(1, -1)) !== 6) return null;
  return { name, port: match[2] ?? null };
}

/** Checks `Host` and `Origin` before anything else of a request. */
export function guardHosts(app: Api, { listening, allowed }: HostRules): void {
  const own = listening.includes(":") ? `[${listening}]` : listening.toLowerCase();
  const named = allowed.flatMap((each) => parseHost(each) ?? []);
  app.addHook("onRequest", async ({ headers, method }) => {
    // HTTP/1.0 requests have no Host, and browsers do not use HTTP/1.0.
    const { host } = headers;
    if (host === undefined) return;
    const asked = parseHost(host);
    if (asked === null || !isOwnName(asked, own, named)) throw hostRefused(host, asked);
    const { origin } = headers;
    if (origin === undefined || reading.has(method)) return;
    const from = hostOfOrigin(origin);
    const isOwnPage = from !== null && (isSame(from, asked) || isNamed(from, named));
    if (!isOwnPage) throw originRefused(origin, from);
  });
}

/** A page that was loaded from an IP address is not rebound: if all addresses are listened on, any is accepted. */
function isOwnName(host: Host, own: string, named: readonly Host[]): boolean {
  const { name } = host;
  const bare = name.replaceAll(/[[\]]/g, "");
  if (name === "localhost" || name === "[::1]" || (isIP(bare) === 4 && bare.startsWith("127."))) {
    return true;
  }
  if (name === own || (anyAddress.has(own) && isIP(bare) !== 0)) return true;
  return isNamed(host, named);
}

function isNamed(host: Host, named: readonly Host[]): boolean {
  return named.some(({ name, port }) => name === host.name && (port === null || isAt(host, port)));
}

function isAt({ port }: Host, wanted: string): boolean {
  return port === null ? defaultPorts.has(wanted) : port === wanted;
}

function isSame(from: Host, asked: Host): boolean {
  if (from.name !== asked.name) return false;
  return from.port === asked.port || (asked.port !== null && isAt(from, asked.port));
}

/** The host of an origin; `null` for a page without one (`Origin: null`), and for anything but a web page. */
function hostOfOrigin(origin: string): Host | null {
  const [, host = ""] = /^https?:\/\/([^/]+)$/i.exec(origin) ?? [];
  return parseHost(host);
}

function hostRefused(given: string, host: Host | null): LedgerError {
  const detail =
    host === null
      ? "The Host header does not name a host."
      : `This ledger does not answer to the name ${host.name}. If it should, start it with --allowed-hosts ${host.name}`;
  return new LedgerError("host-not-allowed", detail, {
    errors: [{ path: "/header/host", message: "is not one of the ledger's names" }],
    extra: { host: given.slice(0, 300).toWellFormed() },
  });
}

function originRefused(given: string, host: Host | null): LedgerError {
  const origin = given.slice(0, 300).toWellFormed();
  const name = host === null ? "" : host.name + (host.port === null ? "" : `:${host.port}`);
  const detail =
    host === null
      ? "Only the ledger's own pages may write to it, and this request does not state its origin."
      : `Only the ledger's own pages may write to it, and this request comes from a page of ${origin}. If the ledger is reached by that name, start it with --allowed-hosts ${name}`;
  return new LedgerError("origin-not-allowed", detail, {
    errors: [{ path: "/header/origin", message: "is another site's" }],
    extra: { origin },
  });
}
