/** The name of a ledger in KurrentDB: a connection string, and after `#` what is the ledger's own. */
import { LedgerError } from "../errors.ts";

export interface KurrentDbName {
  /** As the client takes it, credentials and all: never to be shown. */
  readonly connection: string;
  /** Without credentials, for logs and messages. */
  readonly description: string;
  /** What the ledger's streams begin with in the store. */
  readonly prefix: string;
  /** Where the mirror lives, as far as the name says so. */
  readonly dataDir: string | null;
  readonly isSecure: boolean;
  readonly credentials: { readonly username: string; readonly password: string } | null;
}

const defaultPrefix = "fleetledger.";
const form =
  /^(?:esdb|kurrentdb)(\+discover)?:\/\/(?:([^@/]*)@)?([^?#/@]+)\/?(\?[^#]*)?(?:#(.*))?$/;

/**
 * What the ledger asks of the client unless the name says otherwise: appends go to the leader, and a
 * connection without a sign of life for 10 s and 5 s more is given up.
 */
const defaults: Readonly<Record<string, string>> = {
  nodePreference: "leader",
  keepAliveInterval: "10000",
  keepAliveTimeout: "5000",
};

export function isKurrentDbName(name: string): boolean {
  return /^(esdb|kurrentdb)(\+discover)?:\/\//.test(name);
}

/**
 * Reads `esdb://…` or `kurrentdb://…`, as the client's connection strings are, with `#data=DIR` and
 * `#prefix=TEXT` behind it. Throws `invalid-request`, without a word of what may be a secret.
 */
export function parseKurrentDbName(name: string): KurrentDbName {
  const match = form.exec(name.trim());
  if (match === null) throw unreadable("it is not of the form esdb://HOST:PORT?key=value#data=DIR");
  const [, discover = "", login, hosts = "", query = "", fragment = ""] = match;
  const settings = new URLSearchParams(query);
  const own = new URLSearchParams(fragment);
  for (const key of own.keys()) {
    if (key !== "data" && key !== "prefix") throw unreadable(`#${key} is nothing that it knows`);
  }
  const lower = new Map([...settings].map(([key, value]) => [key.toLowerCase(), value]));
  if (lower.get("throwonappendfailure") === "false") {
    throw unreadable("throwOnAppendFailure=false would hide failed appends");
  }
  const added = Object.entries(defaults).filter(([key]) => !lower.has(key.toLowerCase()));
  const all = [query.slice(1), ...added.map(([key, value]) => `${key}=${value}`)];
  const authority = login === undefined ? hosts : `${login}@${hosts}`;
  return {
    connection: `esdb${discover}://${authority}?${all.filter((each) => each !== "").join("&")}`,
    description: `kurrentdb${discover}://${hosts}`,
    prefix: checkedPrefix(own.get("prefix") ?? defaultPrefix),
    dataDir: own.get("data"),
    isSecure: lower.get("tls") !== "false",
    credentials: credentialsOf(login),
  };
}

/** The name of the same store with the mirror at `dataDir`, unless the name says where already. */
export function withDataDir(name: string, dataDir: string): string {
  if (!isKurrentDbName(name)) return name;
  const [connection = "", fragment = ""] = name.split("#", 2);
  const own = new URLSearchParams(fragment);
  if (!own.has("data")) own.set("data", dataDir);
  return `${connection}#${own.toString()}`;
}

/** A prefix of system streams, or one so short that it takes in others' streams, is refused. */
function checkedPrefix(prefix: string): string {
  if (/^[A-Za-z][\w-]*[.:]$/.test(prefix)) return prefix;
  throw unreadable("a prefix is a word that ends in . or :");
}

function credentialsOf(login: string | undefined): KurrentDbName["credentials"] {
  const [username, password, ...rest] = login?.split(":") ?? [];
  if (username === undefined || password === undefined) return null;
  if (rest.length > 0) throw unreadable("colons in credentials are written %3A");
  return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
}

function unreadable(why: string): LedgerError {
  return new LedgerError(
    "invalid-request",
    `the name of the KurrentDB store cannot be used: ${why}`,
  );
}
