/**
 * The settings after `?` in a connection string, as @eventstore/db-client 6.2.1 knows them. For an unknown name the
 * client only prints a warning, which quotes the whole string; here an unknown name is an error.
 */

type Kind = "text" | "number" | "boolean" | "preference";

const kinds: Readonly<Record<string, Kind>> = {
  tls: "boolean",
  tlsCAFile: "text",
  userCertFile: "text",
  userKeyFile: "text",
  connectionName: "text",
  nodePreference: "preference",
  maxDiscoverAttempts: "number",
  discoveryInterval: "number",
  gossipTimeout: "number",
  defaultDeadline: "number",
  keepAliveInterval: "number",
  keepAliveTimeout: "number",
  throwOnAppendFailure: "boolean",
};
const preferences = ["leader", "follower", "read_only_replica", "random"];
const names = new Map(Object.keys(kinds).map((name) => [flat(name), name]));

/** The client treats `keep-alive-interval` like `keepAliveInterval`. */
function flat(name: string): string {
  return name.trim().toLowerCase().replaceAll(/[_-]/g, "");
}

/** The settings by the client's names, with values as written. `refuse` gets what is wrong, without the value. */
export function settingsOf(query: string, refuse: (why: string) => never): Map<string, string> {
  const settings = new Map<string, string>();
  for (const piece of query.split("&")) {
    if (piece === "") continue;
    const [, key = "", written = ""] = /^([^=]*)=(.*)$/s.exec(piece) ?? [];
    const name = names.get(flat(key)) ?? refuse(unknown(key));
    const value = written.trim();
    const wrong = errorOf(name, value);
    if (wrong !== null) refuse(`${name} ${wrong}`);
    settings.set(name, value);
  }
  return settings;
}

function unknown(key: string): string {
  if (flat(key) === "tlsverifycert") {
    return "tlsVerifyCert is not supported, because certificates are always verified; give the authority's certificate with tlsCAFile";
  }
  const known = `the settings are ${Object.keys(kinds).join(", ")}`;
  // A key that is not a plain word may be part of a password that was not percent-encoded.
  return /^[A-Za-z_-]{1,40}$/.test(key)
    ? `unknown setting ${key}; ${known}`
    : `settings after ? must have the form NAME=VALUE&NAME=VALUE; ${known}`;
}

function errorOf(name: string, value: string): string | null {
  if (value === "" || value.includes("?")) return "needs a value; write ? in it as %3F";
  switch (kinds[name]) {
    case "boolean":
      if (value !== "true" && value !== "false") return "must be true or false";
      return name === "throwOnAppendFailure" && value === "false"
        ? "must not be false, which would hide failed appends"
        : null;
    case "number":
      return /^\d{1,9}$/.test(value) || (value === "-1" && name.startsWith("keepAlive"))
        ? null
        : "must be a whole number";
    case "preference":
      return preferences.some((each) => flat(each) === flat(value))
        ? null
        : `must be one of ${preferences.join(", ")}`;
    default:
      return isDecodable(value) ? null : "has a % that must be written %25";
  }
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
