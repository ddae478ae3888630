/**
 * `fleetledger prove`: writes the proof of one event to a file, for somebody who does not have the ledger or does not
 * trust it.
 */
import { Option } from "commander";
import type { Command } from "commander";
import type { EventJson } from "../../../answers/event-json.ts";
import { LedgerError } from "../../../errors.ts";
import type { DataOf } from "../../../events/catalogue.ts";
import { hashLeaf } from "../../../events/canonical/merkle-hash.ts";
import { openStore } from "../../../ledger/open-store.ts";
import { proveEvent } from "../../../seals/prove.ts";
import { parseCheckpoint } from "../../../tree/checkpoint.ts";
import { openLedgerTree } from "../../../tree/ledger-tree.ts";
import { verifyInclusion } from "../../../tree/merkle-verify.ts";
import { parseNote } from "../../../tree/signed-note.ts";
import type { EventProof } from "../../../tree/tlog-proof.ts";
import { proofText } from "../../../tree/tlog-proof.ts";
import type { AddCommand } from "../../options/command.ts";
import { readSealingKey } from "../../options/key-files.ts";
import type { LedgerOptions } from "../../options/named-ledger.ts";
import { addLedgerOptions, namedLedger } from "../../options/named-ledger.ts";
import { sayTo } from "../../options/open.ts";
import { assertTrusted } from "../../options/trusted.ts";
import { getJson } from "../../server/answers.ts";
import type { Server } from "../../server/server.ts";
import { number } from "../../../reports/text/figures.ts";
import { UsageError } from "../../terminal/terminal.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { refuseExisting, writeWhole } from "../../terminal/whole-file.ts";

interface ProveOptions extends LedgerOptions {
  readonly out: string;
  readonly key?: string;
}

export const addProve: AddCommand = (program, { terminal }) => {
  addLedgerOptions(program.command("prove"))
    .description("Write the proof that an event is in the ledger, for `verify-proof`.")
    .argument("<event-id>", "the id of the event")
    .requiredOption(
      "--out <file>",
      "the new file to write, such as event.tlog-proof; - means standard output",
    )
    .addOption(
      new Option(
        "--key <file>",
        "the secret key (ledger.key), to sign a head now; default: use the last seal. A server signs with its own key",
      ),
    )
    .action(async (id: string, options: ProveOptions, command: Command) => {
      if (options.out !== "-") refuseExisting(options.out);
      const named = await namedLedger(options, command);
      if ("server" in named && options.key !== undefined) {
        throw new UsageError("--key needs --store: a server signs with its own key");
      }
      const proof =
        "server" in named
          ? await proofAt(named.server, id)
          : await proofIn(terminal, named.store, id, options.key);
      const size = assertProves(proof);
      const text = proofText(proof);
      await (options.out === "-"
        ? terminal.out(text)
        : writeWhole(options.out, (write) => write(text)));
      terminal.say(
        `event ${id} is proven at sequence ${number(Number(proof.index) + 1)} of ${number(Number(size))}; check it with: fleetledger verify-proof ${options.out} --key ledger.pub`,
      );
    });
};

async function proofIn(
  terminal: Terminal,
  name: string,
  id: string,
  key: string | undefined,
): Promise<EventProof> {
  const store = await openStore(name, "read", { say: sayTo(terminal) });
  try {
    await assertTrusted(terminal, name, store);
    const signer = key === undefined ? null : await readSealingKey(key, { store });
    return await proveEvent(store, await openLedgerTree(store), id, signer);
  } finally {
    await store.close();
  }
}

/** As `GET /v1/audit/proof/{id}` answers. */
interface ProofJson {
  readonly leaf: string;
  readonly leafIndex: number;
  readonly hashes: readonly string[];
  readonly checkpoint: string | null;
}

async function proofAt(server: Server, id: string): Promise<EventProof> {
  const path = `/v1/audit/proof/${encodeURIComponent(id)}`;
  const now = await getJson<ProofJson>(server, path);
  if (now.checkpoint !== null) return proofOf(now, now.checkpoint);
  // The server has no key, but the last seal is signed.
  const { events } = await getJson<{ readonly events: readonly EventJson[] }>(
    server,
    "/v1/events?type=LedgerSealed&order=desc&limit=1",
  );
  const seal = events[0]?.data as DataOf<"LedgerSealed"> | undefined;
  if (seal === undefined || seal.size <= now.leafIndex) {
    throw new UsageError(
      `the server at ${server.url}/ has no signing key, and no seal covers the event yet`,
    );
  }
  return proofOf(await getJson<ProofJson>(server, `${path}?size=${seal.size}`), seal.checkpoint);
}

function proofOf({ leaf, leafIndex, hashes }: ProofJson, checkpoint: string): EventProof {
  const bytes = hashes.map((hash) => Buffer.from(hash, "base64"));
  return { leaf, index: BigInt(leafIndex), hashes: bytes, checkpoint };
}

/**
 * Throws unless the proof verifies. The signature is for the holder of the public key to check. Returns the tree's
 * size.
 */
function assertProves({ leaf, index, hashes, checkpoint }: EventProof): bigint {
  const { size, root } = parseCheckpoint(parseNote(checkpoint).text);
  const claim = { leafIndex: index, treeSize: size, proof: hashes, root };
  if (verifyInclusion({ ...claim, leafHash: hashLeaf(leaf) })) return size;
  throw new LedgerError(
    "corrupt-event",
    "the event is not in the tree of the head that was signed: no proof is written. `verify` tells what is wrong",
  );
}
