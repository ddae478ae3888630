/** `access list`: every key, who issued it, and whether it holds. */
import type { Command } from "commander";
import { Option } from "commander";
import type { ListedKey } from "../../../access/list.ts";
import { listKeys } from "../../../access/list.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import { instant } from "../../options/command.ts";
import type { LedgerOptions } from "../../options/named-ledger.ts";
import { addLedgerOptions, namedLedger } from "../../options/named-ledger.ts";
import { refuseMissing, withLedger } from "../../options/open.ts";
import { getJson, queryText } from "../../server/answers.ts";
import type { Server } from "../../server/server.ts";
import type { Terminal } from "../../terminal/terminal.ts";

interface ListOptions extends LedgerOptions {
  readonly format: "text" | "json";
  readonly at?: number;
}

export function addList(access: Command, terminal: Terminal): void {
  addLedgerOptions(access.command("list"))
    .description("List the keys; the keys themselves are kept nowhere.")
    .addOption(
      new Option("--format <format>", "text or json").choices(["text", "json"]).default("text"),
    )
    .option("--at <instant>", "only the keys that were in force at this instant", instant)
    .action(async (options: ListOptions, command: Command) => {
      const named = await namedLedger(options, command);
      const { at } = options;
      const keys =
        "server" in named ? await asked(named.server, at) : await here(terminal, named.store, at);
      if (options.format === "json") await terminal.out(`${JSON.stringify({ keys }, null, 2)}\n`);
      else if (keys.length === 0) terminal.say("There are no keys.");
      else await terminal.out(keys.map(lineOf).join(""));
    });
}

type Keys = Promise<readonly ListedKey[]>;

async function asked(server: Server, at: number | undefined): Keys {
  const query = queryText({ at: at === undefined ? undefined : formatInstant(at) });
  const { keys } = await getJson<{ readonly keys: readonly ListedKey[] }>(
    server,
    `/v1/access${query}`,
  );
  return keys;
}

async function here(terminal: Terminal, store: string, at: number | undefined): Keys {
  refuseMissing(store);
  return await withLedger(terminal, store, "read", (ledger) => listKeys(ledger, { atMs: at }));
}

function lineOf(key: ListedKey): string {
  const { roles, clusters, state, endsAt, issuedAt, issuedBy } = key;
  const end = endsAt === null ? "" : state === "in-force" ? ` until ${endsAt}` : ` ${endsAt}`;
  const by = issuedBy === null ? "" : ` by ${issuedBy}`;
  return [
    key.key,
    key.name.padEnd(20),
    `${state}${end}`.padEnd(12),
    roles.join(","),
    clusters.join(","),
    `issued ${issuedAt}${by}\n`,
  ].join("  ");
}
