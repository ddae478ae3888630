/** Signatures of messages, as Standard Webhooks has them (version `v1`: HMAC-SHA-256). */
import { createHmac } from "node:crypto";

interface Signed {
  readonly id: string;
  /** Of the attempt, in milliseconds: receivers refuse what is old. */
  readonly atMs: number;
  readonly body: string;
}

/** The three headers; with two secrets there are two signatures. */
export function signedHeaders(secrets: readonly Buffer[], { id, atMs, body }: Signed) {
  const timestamp = String(Math.floor(atMs / 1_000));
  const signatures = secrets.map((secret) => {
    const hmac = createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`);
    return `v1,${hmac.digest("base64")}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}
