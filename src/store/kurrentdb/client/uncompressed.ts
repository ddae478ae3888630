/**
 * Asks KurrentDB not to compress its answers. The server compresses every event separately with gzip if the client says
 * that it can read gzip, and the gRPC library under the client always says so. Measured, this makes a long read four to
 * seven times as slow (ADR 0022). Neither the client nor the library has a setting for it.
 */
const acceptedEncodings = "grpc-accept-encoding";

/** The part of the library's `Metadata` that is used here. */
interface Headers {
  set(name: string, value: unknown): void;
  clone(): Headers;
}

/** The client's method that makes the headers of each call. */
const makesHeaders = "callArguments";

/**
 * Changes this one client, not the library. A client of another shape is left unchanged and is only slower.
 * Returns whether it was changed.
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

/** Fixes the header on the call's headers and on every copy, because the library sets it late. */
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
