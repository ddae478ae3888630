/** A folder with a small sealed ledger and its keys, fresh for each test. */
import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect } from "vitest";
import { run, temporaryFolder } from "./run.ts";

/** A fault of the ledger, by its id. */
export const failed = "11111111-1111-4111-8111-111111111111";

export interface SealedFolder {
  readonly path: (name: string) => string;
  readonly store: () => string;
  readonly secret: () => string;
  readonly publicKey: () => string;
  /** A ledger of a few facts, sealed, and its keys; gives the checkpoint's file. */
  readonly sealed: () => Promise<string>;
}

export function sealedFolder(): SealedFolder {
  let folder = temporaryFolder();
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());
  const path = (name: string) => folder.path(name);
  const store = () => `sqlite:${path("ledger.sqlite")}`;
  const secret = () => path("keys/ledger.key");
  const publicKey = () => path("keys/ledger.pub");
  const sealed = async () => {
    writeFileSync(path("events.ndjson"), facts.map((fact) => JSON.stringify(fact)).join("\n"));
    await run("import", "events", path("events.ndjson"), "--store", store());
    await run("keys", "new", "--out", path("keys"), "--name", "test");
    const { code, out } = await run("seal", "--store", store(), "--key", secret());
    expect(code).toBe(0);
    writeFileSync(path("checkpoint"), out);
    return path("checkpoint");
  };
  return { path, store, secret, publicKey, sealed };
}

const node = { cluster: "a", node: "n" };
const facts = [
  { type: "ClusterRegistered", occurredAt: "2026-01-01T00:00:00Z", data: { cluster: "a" } },
  { type: "NodeCommissioned", occurredAt: "2026-01-01T00:00:00Z", data: node },
  {
    id: failed,
    type: "NodeFailed",
    occurredAt: "2026-01-02T00:00:00Z",
    data: { ...node, faultId: "f", category: "hardware" },
  },
].map((fact, i) => ({ id: `00000000-0000-4000-8000-00000000000${i}`, ...fact }));
