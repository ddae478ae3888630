/**
 * Asks KurrentDB for answers that are not compressed. The server packs every single event by itself with
 * gzip as soon as a client says that it could read that, and the gRPC library under the client says so
 * always: measured, a long read takes four to seven times as long for it (ADR 0022). Neither the client nor
 * the library has a setting.
 */
const acceptedEncodings = "grpc-accept-encoding";

/** What the library's `Metadata` has, as far as it matters here. */
interface Headers {
  set(name: string, value: unknown): void;
  clone(): Headers;
}

/** The client gives each call its headers with this. */
const makesHeaders = "callArguments";

/**
 * Changes this one client, not the library. A client of another make is left as it is, and only slower.
 * Tells whether it was changed.
 */
export function declineCompression(client: object): boolean {
  const original: unknown = Reflect.get(client, makesHeaders);
  if (typeof original !== "function") return false;
  const value = (...args: readonly unknown[]): unknown => {
    const made: unknown = Reflect.apply(original, client, args);
    const headers: unknown = Array.isArray(made) ? made[0] : null;
    if (isHeaders(headers)) pinEncoding(headers);
    return made;
  };
  return Reflect.defineProperty(client, makesHeaders, { value, configurable: true });
}

/** The library sets the header late, on the call's own headers or a copy of them. */
function pinEncoding(headers: Headers): Headers {
  const set = headers.set.bind(headers);
  const clone = headers.clone.bind(headers);
  headers.set = (name, value) => set(name, name === acceptedEncodings ? "identity" : value);
  headers.clone = () => pinEncoding(clone());
  return headers;
}

function isHeaders(value: unknown): value is Headers {
  return (
    typeof value === "object" &&
    value !== null &&
    "set" in value &&
    typeof value.set === "function" &&
    "clone" in value &&
    typeof value.clone === "function"
  );
}
