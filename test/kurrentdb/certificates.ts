/** Certificates for a server with TLS in a test, made by openssl. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findOnPath } from "./server.ts";

/** Why there can be none; `null` if there can. */
export const whyNoCertificates =
  findOnPath("openssl") !== null ? null : "no openssl is on PATH to make certificates";

/** Puts `ca/ca.crt`, `node/node.crt` and `node/node.key` into the folder: for localhost, good for a day. */
export function makeCertificates(folder: string): void {
  mkdirSync(join(folder, "ca"));
  mkdirSync(join(folder, "node"));
  const openssl = (...args: string[]): void => {
    execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  };
  const key = ["-newkey", "rsa:2048", "-nodes"];
  const authority = ["-subj", "/CN=test authority", "-days", "1"];
  openssl("req", "-x509", ...key, ...authority, "-keyout", "ca.key", "-out", "ca/ca.crt");
  const node = ["-subj", "/CN=eventstoredb-node", "-keyout", "node/node.key", "-out", "node.csr"];
  openssl("req", "-new", ...key, ...node);
  writeFileSync(
    join(folder, "node.ext"),
    "subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth,clientAuth\n",
  );
  const by = ["-CA", "ca/ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "1"];
  const out = ["-extfile", "node.ext", "-out", "node/node.crt"];
  openssl("x509", "-req", "-in", "node.csr", ...by, ...out);
}
