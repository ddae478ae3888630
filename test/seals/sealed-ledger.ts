/** A small sealed ledger for tests of verification: facts, corrections, an issued report, seals, and facts after the last seal. */
import { signCheckpoint } from "../../src/tree/checkpoint.ts";
import { newestDefinitions } from "../../projections/document/entry/since.ts";
import { issuedDocument, sha256Hex } from "../../src/reports/issued/issued-report.ts";
import { openLedgerTree } from "../../src/tree/ledger-tree.ts";
import { newKey, parseSigner, parseVerifier } from "../../src/tree/signed-note.ts";
import { canonicalJson } from "../../src/events/canonical/canonical.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { firstZones } from "../../src/zones/zones.ts";

const key = newKey("test-ledger");
export const signer = parseSigner(key.secret);
export const verifier = parseVerifier(key.verifier);
export const publicKeyText = key.verifier;
export const secretKeyText = key.secret;
/** A key of the same name that is not the ledger's. */
export const forger = parseSigner(newKey("test-ledger").secret);

let count = 0;
const nextId = (): string => `00000000-0000-4000-8000-${String(++count).padStart(12, "0")}`;
const day = (n: number): string => `2026-01-${String(n).padStart(2, "0")}T00:00:00.000Z`;

function fact(type: string, dayOfMonth: number, data: object, more: object = {}): object {
  return { id: nextId(), type, occurredAt: day(dayOfMonth), data, source: "prober", ...more };
}

/** Facts of two clusters whose words hold quotes, names of members and letters beyond ASCII. */
function firstFacts(nodes: readonly string[]): object[] {
  const facts: object[] = [];
  for (const cluster of ["alpha", "beta"]) {
    facts.push(fact("ClusterRegistered", 1, { cluster, name: `Größe "${cluster}"` }));
    for (const node of nodes) {
      facts.push(fact("NodeCommissioned", 1, { cluster, node }));
      for (let n = 2; n < 5; n++) {
        const data = { cluster, node, faultId: `f${n}`, category: "hardware" };
        const words = { reason: `said: "type":"NodeReturned"`, ticket: "T-1", actor: "eva" };
        facts.push(fact("NodeFailed", n * 2, data, n === 3 ? words : {}));
        facts.push(fact("NodeReturned", n * 2 + 1, { cluster, node, faultIds: [`f${n}`] }));
      }
    }
  }
  return facts;
}

/** Seals the ledger as it stands; gives the checkpoint. */
export async function seal(ledger: Ledger, by = signer): Promise<string> {
  const tree = await openLedgerTree(ledger.store);
  let checkpoint = "";
  const submission = await ledger.submitSystemAtHead(async (size) => {
    const root = await tree.root(size);
    checkpoint = signCheckpoint({ origin: by.name, size: BigInt(size), root }, by);
    const data = { size, rootHash: root.toString("hex"), checkpoint };
    return { id: nextId(), type: "LedgerSealed", occurredAt: day(20), data };
  });
  if (submission.status === "refused") throw submission.error;
  return checkpoint;
}

/** Issues the report of a cluster's January. */
export async function issue(ledger: Ledger, cluster: string): Promise<void> {
  const sequence = ledger.sequence();
  const root = await (await openLedgerTree(ledger.store)).root(sequence);
  const inputs = {
    report: `${cluster}-january`,
    cluster,
    period: { label: "2026-01", from: day(1), to: "2026-02-01T00:00:00.000Z", zone: "UTC" },
    sequence,
    tzdata: firstZones.version,
    treeHead: { size: sequence, rootHash: root.toString("hex") },
    definitions: newestDefinitions,
  };
  const document = issuedDocument(ledger.view(cluster, sequence), inputs);
  const data = {
    ...inputs,
    policyEventId: null,
    sha256: sha256Hex(canonicalJson(document)),
  };
  const [made] = await ledger.submitSystem([
    { id: nextId(), type: "ReportIssued", occurredAt: day(20), data },
  ]);
  if (made?.status === "refused") throw made.error;
}

async function add(ledger: Ledger, facts: readonly object[]): Promise<void> {
  for (const submission of await ledger.submit(facts)) {
    if (submission.status === "refused") throw submission.error;
  }
  await ledger.waitFor((await ledger.store.head()).sequence, 600_000);
}

export interface SealedLedger {
  /** Events in the ledger. */
  readonly events: number;
  /** Events under the last seal. */
  readonly sealed: number;
  /** The checkpoint of the first seal. */
  readonly firstCheckpoint: string;
}

export interface SealedOptions {
  /** Of each of the two clusters. */
  readonly nodes?: readonly string[];
  /** Whether reports are issued. */
  readonly reports?: boolean;
}

/** Makes the ledger at `path`. */
export async function makeSealedLedger(
  path: string,
  { nodes = ["n1", "n2"], reports = true }: SealedOptions = {},
): Promise<SealedLedger> {
  count = 0;
  const ledger = await openLedger({ store: `sqlite:${path}`, mode: "write" });
  try {
    const facts = firstFacts(nodes);
    await add(ledger, facts);
    const firstCheckpoint = await seal(ledger);
    const [, , failed] = facts as { id: string }[];
    const said = { actor: "eva", reason: "read the wrong clock" };
    const correction = { eventId: failed?.id, occurredAt: "2026-01-03T12:00:00Z" };
    await add(ledger, [fact("FactCorrected", 10, correction, said)]);
    if (reports) await issue(ledger, "alpha");
    await add(ledger, [
      fact("NodeFailed", 12, { cluster: "alpha", node: "n1", faultId: "f9", category: "network" }),
    ]);
    if (reports) await issue(ledger, "beta");
    await seal(ledger);
    const { sequence: sealed } = await ledger.store.head();
    await add(ledger, [
      fact("NodeFailed", 14, { cluster: "beta", node: "n1", faultId: "f9", category: "network" }),
      fact("NodeReturned", 15, { cluster: "beta", node: "n1", faultIds: ["f9"] }),
    ]);
    return { events: (await ledger.store.head()).sequence, sealed: sealed - 1, firstCheckpoint };
  } finally {
    await ledger.close();
  }
}
