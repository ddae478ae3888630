/** What a source tells through a key: facts that are settled in a turn of the ledger, without a route's checks. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { exampleOf } from "../events/events-page.ts";
import type { Access } from "../../src/access/access.ts";
import { speakingLedger } from "../../src/access/stating/speaking-ledger.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { temporaryLedger } from "../ledger/temporary-ledger.ts";

const key = (more: Partial<Access>): Access => ({
  name: "slurm-key",
  key: "0000000000",
  roles: new Set(["source:slurm"]),
  clusters: ["alpha"],
  ...more,
});

const failed = (more: object = {}) => ({
  id: randomUUID(),
  type: "NodeFailed",
  occurredAt: "2026-03-01T00:00:00Z",
  source: "slurm-events:slurm",
  data: { cluster: "alpha", node: "n1", faultId: randomUUID(), category: "hardware" },
  ...more,
});

async function told(ledger: Ledger, access: Access, inputs: readonly object[]): Promise<string[]> {
  const speaking = speakingLedger(ledger, ledger, access, () => true);
  const submissions = await speaking.submitDecided("node-alpha:n1", async () => ({ inputs }));
  return submissions.map((each) => (each.status === "refused" ? each.error.code : each.status));
}

test("a source's role is enough for its own facts in the key's clusters, and the actor is the key", async () => {
  await using temporary = temporaryLedger();
  const ledger = await temporary.open();
  const event = failed();
  expect(await told(ledger, key({}), [event])).toEqual(["appended"]);
  expect((await ledger.store.findById(event.id))?.attribution.actor).toBe("slurm-key");
});

test("facts of another cluster, another source, another type or another actor are refused one by one", async () => {
  await using temporary = temporaryLedger();
  const ledger = await temporary.open();
  const of = async (more: object) => (await told(ledger, key({}), [failed(more)]))[0];
  const elsewhere = { cluster: "beta", node: "n1", faultId: "f", category: "hardware" };
  expect(await of({ data: elsewhere })).toBe("role-needed");
  expect(await of({ source: "kubernetes:k8s" })).toBe("role-needed");
  expect(await of({ actor: "somebody" })).toBe("actor-refused");
  const { data } = exampleOf("NfzCancelled");
  const lifted = { ...(data as object), cluster: "alpha" };
  expect(await of({ type: "NfzCancelled", data: lifted, reason: "x" })).toBe("role-needed");
  expect((await ledger.store.head()).sequence).toBe(0);
});

test("a source corrects what it told itself, whichever key it had, and nothing else", async () => {
  await using temporary = temporaryLedger();
  const ledger = await temporary.open();
  const own = failed({ actor: "earlier-key" });
  const others = failed({ source: "kubernetes:k8s" });
  await ledger.submit([own, others]);
  const retracted = (eventId: string) => ({
    id: randomUUID(),
    type: "FactRetracted",
    occurredAt: "2026-03-01T01:00:00Z",
    source: "slurm-events:slurm",
    reason: "told twice",
    data: { eventId },
  });
  expect(await told(ledger, key({}), [retracted(own.id)])).toEqual(["appended"]);
  expect(await told(ledger, key({}), [retracted(others.id)])).toEqual(["role-needed"]);
});

test("a key that no longer holds states nothing more", async () => {
  await using temporary = temporaryLedger();
  const ledger = await temporary.open();
  const speaking = speakingLedger(
    ledger,
    ledger,
    key({ roles: new Set(["reporter"]) }),
    () => false,
  );
  await expect(speaking.submit([failed()])).rejects.toMatchObject({ code: "unauthorized" });
});
