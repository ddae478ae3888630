/** Parses the name of a ledger in KurrentDB: a connection string, and after `#` the ledger's own settings. */
import { LedgerError } from "../../../errors.ts";
import { settingsOf } from "./settings.ts";

export interface KurrentDbName {
  /** For the client, without credentials: its messages quote the string, so it must not contain them. */
  readonly connection: string;
  /** The same for each host alone. */
  readonly hostConnections: readonly string[];
  /** Without credentials: for logs and messages. */
  readonly description: string;
  /** The prefix of the ledger's streams in the store. */
  readonly prefix: string;
  /** Where the mirror lives; `null` if the name does not say. */
  readonly dataDir: string | null;
  readonly isSecure: boolean;
  /** Sent with each call; never shown. */
  readonly credentials: { readonly username: string; readonly password: string } | null;
}

const defaultPrefix = "fleetledger.";
/** Scheme, user and password, hosts, settings; the fragment has already been cut off. */
const form = /^(?:esdb|kurrentdb)(\+discover)?:\/\/(?:([^@/?]*)@)?([^@/?]+)\/?(?:\?(.*))?$/s;
const hostForm = /^[\p{L}\p{N}._-]+(?::\d{1,5})?$/u;

/**
 * Settings of the client where the name gives none: appends go to the leader, and a connection without a sign of
 * life is checked after 10 s and given up after 5 s more.
 */
const defaults: Readonly<Record<string, string>> = {
  nodePreference: "leader",
  keepAliveInterval: "10000",
  keepAliveTimeout: "5000",
};

export function isKurrentDbName(name: string): boolean {
  return /^(esdb|kurrentdb)(\+discover)?:\/\//.test(name);
}

/** The name of any store, made safe for messages. */
export function withoutCredentials(name: string): string {
  return name.replace(/:\/\/.*@/s, "://…@");
}

/**
 * Parses `esdb://…` or `kurrentdb://…`, in the form of the client's connection strings, followed by `#data=DIR` and
 * `#prefix=TEXT`. Throws `invalid-request`, whose message never quotes what may be a secret.
 */
export function parseKurrentDbName(name: string): KurrentDbName {
  const [written, fragment] = splitName(name.trim());
  const match = form.exec(written);
  if (match === null) {
    throw unreadable(
      "it must have the form esdb://USER:PASSWORD@HOST:PORT?key=value#data=DIR; write @ : / # ? % in a password as %40 %3A %2F %23 %3F %25",
    );
  }
  const [, discover = "", login, hosts = "", query = ""] = match;
  // The client would take everything before the @ for a user and a password.
  if (login === undefined && query.includes("@")) throw unreadable("write an @ after ? as %40");
  const own = ownOf(fragment);
  const settings = settingsOf(query, (why) => {
    throw unreadable(why);
  });
  for (const [key, value] of Object.entries(defaults)) {
    if (!settings.has(key)) settings.set(key, value);
  }
  const all = [...settings].map(([key, value]) => `${key}=${value.replaceAll("@", "%40")}`);
  const each = checkedHosts(hosts);
  return {
    connection: `esdb${discover}://${hosts}?${all.join("&")}`,
    hostConnections: each.map((host) => `esdb://${host}?${all.join("&")}`),
    description: `kurrentdb${discover}://${hosts}`,
    prefix: checkedPrefix(own.get("prefix") ?? defaultPrefix),
    dataDir: own.get("data") ?? null,
    isSecure: settings.get("tls") !== "false",
    credentials: credentialsOf(login),
  };
}

/** Names the same store with its mirror in `dataDir`, unless the name already gives a directory. */
export function withDataDir(name: string, dataDir: string): string {
  if (!isKurrentDbName(name)) return name;
  const [connection, fragment] = splitName(name);
  if (ownOf(fragment).has("data")) return name;
  const before = fragment === "" ? "" : `${fragment}&`;
  return `${connection}#${before}data=${encodeURIComponent(dataDir)}`;
}

function splitName(name: string): readonly [string, string] {
  const at = name.indexOf("#");
  return at < 0 ? [name, ""] : [name.slice(0, at), name.slice(at + 1)];
}

/** Settings after `#`. A plus stays a plus: this is not form encoding. */
function ownOf(fragment: string): Map<string, string> {
  const own = new Map<string, string>();
  for (const piece of fragment.split("&")) {
    const [, key, value = ""] = /^(data|prefix)=(.*)$/s.exec(piece) ?? [];
    if (piece === "") continue;
    // The key is not quoted: it may be the rest of a password.
    if (key === undefined || own.has(key)) {
      throw unreadable(
        "only data=DIR and prefix=WORD. may follow #; write a # in a password as %23",
      );
    }
    own.set(key, decoded(value, `#${key}`));
  }
  return own;
}

function checkedHosts(hosts: string): readonly string[] {
  const each = hosts.split(",");
  if (each.every((host) => hostForm.test(host))) return each;
  throw unreadable(
    "hosts must have the form HOST:PORT,HOST:PORT; percent-encode @ : / # ? in a user's name or password",
  );
}

/** Refuses a prefix of system streams, and one so short that it would match other programs' streams. */
function checkedPrefix(prefix: string): string {
  if (prefix.startsWith("control.")) {
    throw unreadable(
      "a prefix must not begin with control., which holds the lease and the marks of every ledger in the store",
    );
  }
  if (/^[A-Za-z][\w-]*[.:]$/.test(prefix)) return prefix;
  throw unreadable("a prefix must be a word that ends in . or :");
}

function credentialsOf(login: string | undefined): KurrentDbName["credentials"] {
  if (login === undefined) return null;
  const [username = "", password = "", ...rest] = login.split(":");
  if (rest.length > 0) throw unreadable("write a colon in credentials as %3A");
  if (username === "" || password === "") {
    throw unreadable("credentials before @ must be USER:PASSWORD");
  }
  const what = "the user's name or password";
  return { username: decoded(username, what), password: decoded(password, what) };
}

function decoded(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError)
      throw unreadable(`${what} has a % that is not percent-encoding; write %25`);
    throw error;
  }
}

function unreadable(why: string): LedgerError {
  return new LedgerError(
    "invalid-request",
    `the name of the KurrentDB store cannot be used: ${why}`,
  );
}
