/**
 * `node test/golden/make-golden.ts NAME`: makes two golden ledgers of this version, NAME of facts alone and NAME-decisions,
 * whose file has another format. See `README.md` for when.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { issueReport } from "../../src/reports/issued/issue.ts";
import { sealNow } from "../../src/seals/seal-now.ts";
import { leafStore } from "../../src/store/leaf-store.ts";
import { signCheckpoint } from "../../src/tree/checkpoint.ts";
import { openLedgerTree } from "../../src/tree/ledger-tree.ts";
import { bundleText } from "../../src/verify/bundle.ts";
import { firstZones } from "../../src/zones/zones.ts";
import { decideForGolden } from "./decisions.ts";
import {
  august,
  decideSinceForGolden,
  declareForGolden,
  issueKeysForGolden,
  noticeForGolden,
} from "./everything-since.ts";
import type { GoldenFact } from "./history.ts";
import { april, february, march, unsealed } from "./history.ts";
import {
  answeredReports,
  bundleFile,
  filesOf,
  goldenFolder,
  goldenNow,
  goldenSigner,
  ledgerFile,
  sumsFile,
  sumsOf,
} from "./golden-ledger.ts";

let nowMs = 0;
const clock = { nowMs: () => nowMs };

function setClock(instant: string): void {
  nowMs = Date.parse(instant);
}

async function tell(ledger: Ledger, facts: readonly GoldenFact[]): Promise<void> {
  for (const submission of await ledger.submit(facts)) {
    if (submission.status === "refused") throw submission.error;
  }
  await settle(ledger);
}

async function settle(ledger: Ledger): Promise<void> {
  await ledger.waitFor((await ledger.store.head()).sequence, 600_000);
}

async function makeLedger(path: string, decides: boolean): Promise<void> {
  setClock("2025-08-01T00:00:00Z");
  const ledger = await openLedger({ store: `sqlite:${path}`, mode: "write", clock });
  try {
    const advance = (ms: number) => (nowMs += ms);
    const scene = { ledger, advance, settle: () => settle(ledger) };
    const tree = await openLedgerTree(ledger.store);
    const seal = async () => {
      await sealNow({ ledger, tree, signer: goldenSigner, clock });
      await settle(ledger);
    };
    const issue = async (report: string, cluster: string, period: string) => {
      const attribution = { actor: "reporting", reason: "the month is over" };
      await issueReport({ ledger, tree, clock }, { report, cluster, period, attribution });
      await settle(ledger);
    };
    await tell(ledger, august);
    if (decides) await declareForGolden(scene);
    setClock("2026-02-26T00:00:00Z");
    await adoptZones(ledger);
    await tell(ledger, february);
    await seal();
    for (const fact of march) {
      nowMs = Math.max(nowMs, Date.parse(fact.occurredAt) + 60_000);
      await tell(ledger, [fact]);
    }
    setClock("2026-04-02T08:00:00Z");
    await issue("alpha-2026-03", "alpha", "2026-03");
    await issue("berlin-2026-03", "berlin", "2026-03");
    await seal();
    setClock("2026-04-09T06:00:00Z");
    await tell(ledger, april);
    await issueKeysForGolden(scene);
    if (decides) {
      await decideForGolden(ledger, advance);
      await decideSinceForGolden(scene);
    }
    await noticeForGolden(scene);
    await issue("alpha-2026-03-restated", "alpha", "2026-03");
    await issue("alpha-2026-04-so-far", "alpha", "2026-04");
    // The clock was an hour ahead; an operator says that the times go on from there.
    nowMs -= 3_600_000;
    await ledger.acceptClock({ actor: "operator", reason: "the clock was an hour ahead" });
    setClock("2026-04-10T06:00:00Z");
    await settle(ledger);
    await seal();
    await tell(ledger, unsealed);
  } finally {
    await ledger.close();
  }
}

async function adoptZones(ledger: Ledger): Promise<void> {
  const zoneTable = {
    id: "60000000-0000-4000-8001-000000000001",
    type: "ZoneTableAdopted",
    occurredAt: "2026-02-26T00:00:00Z",
    data: { tzdata: firstZones.version },
  };
  const [adopted] = await ledger.submitSystem([zoneTable]);
  if (adopted?.status === "refused") throw adopted.error;
}

async function writeAnswers(folder: string): Promise<void> {
  setClock(goldenNow);
  const ledger = await openLedger({
    store: `sqlite:${join(folder, ledgerFile)}`,
    mode: "read",
    clock,
  });
  try {
    for (const [name, text] of await answeredReports(ledger, clock)) {
      writeFileSync(join(folder, name), text);
    }
    const store = leafStore(ledger.store);
    const { sequence } = await store.head();
    const checkpoint = async () => {
      const root = await (await openLedgerTree(store)).root(sequence);
      const head = { origin: goldenSigner.name, size: BigInt(sequence), root };
      return signCheckpoint(head, goldenSigner);
    };
    let bundle = "";
    const holdsDecisions = (await store.firstDecision()) !== null;
    const leaves = store.readLeaves(0);
    for await (const text of bundleText(leaves, checkpoint, holdsDecisions)) bundle += text;
    writeFileSync(join(folder, bundleFile), bundle);
  } finally {
    await ledger.close();
  }
}

async function makeGolden(name: string, decides: boolean): Promise<void> {
  const folder = goldenFolder(name);
  if (existsSync(folder)) throw new Error(`${folder} is there: a golden ledger is never changed`);
  mkdirSync(folder, { recursive: true });
  await makeLedger(join(folder, ledgerFile), decides);
  await writeAnswers(folder);
  // What a server leaves beside the ledger belongs to it; a lock, an empty log and its index do not.
  for (const file of filesOf(folder)) {
    if (/\.lock$|-shm$|-wal$/.test(file)) rmSync(join(folder, file));
  }
  writeFileSync(join(folder, sumsFile), sumsOf(folder));
  for (const file of filesOf(folder)) console.log(join(name, file));
}

const [name] = process.argv.slice(2);
if (name === undefined || !/^[\w.-]+$/.test(name)) {
  throw new Error("say which: node test/golden/make-golden.ts NAME, such as 0.2.0");
}
await makeGolden(name, false);
await makeGolden(`${name}-decisions`, true);
