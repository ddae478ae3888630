/**
 * `--store` or `--server`: commands with a counterpart in the HTTP API work on a store that they open, or through the
 * server that has it open.
 */
import { readFile } from "node:fs/promises";
import { Option } from "commander";
import type { Command } from "commander";
import { keyError } from "../../http/access/auth.ts";
import type { Server } from "../server/server.ts";
import { UsageError } from "../terminal/terminal.ts";

export interface LedgerOptions {
  readonly store?: string;
  readonly server?: string;
  readonly apiKeyFile?: string;
}

/** The ledger that a command is about. */
export type NamedLedger = { readonly store: string } | { readonly server: Server };

const serverVariable = "FLEETLEDGER_SERVER";
const keyVariable = "FLEETLEDGER_API_KEY";

export function addLedgerOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--store <name>", "the ledger: sqlite:PATH, esdb://… or kurrentdb://…").env(
        "FLEETLEDGER_STORE",
      ),
    )
    .addOption(
      new Option(
        "--server <url>",
        "the address of a running `serve`, such as http://127.0.0.1:3000, instead of --store",
      ).env(serverVariable),
    )
    .addOption(
      new Option(
        "--api-key-file <file>",
        `a file with the server's API key; default: ${keyVariable}, if set`,
      ).env("FLEETLEDGER_API_KEY_FILE"),
    );
}

/**
 * The ledger that the options name. A typed option wins over the environment. Throws UsageError if both or neither are
 * set.
 */
export async function namedLedger(options: LedgerOptions, command: Command): Promise<NamedLedger> {
  const { store, server, apiKeyFile } = options;
  const isTyped = (name: "store" | "server") => command.getOptionValueSource(name) === "cli";
  if (store !== undefined && server !== undefined && isTyped("store") === isTyped("server")) {
    const both = isTyped("store")
      ? "--store and --server"
      : `FLEETLEDGER_STORE and ${serverVariable}`;
    throw new UsageError(
      `${both} are both set, and they name two ledgers; choose one with --store or --server`,
    );
  }
  if (server !== undefined && (store === undefined || isTyped("server"))) {
    return { server: { url: serverUrl(server), apiKey: await apiKeyOf(apiKeyFile) } };
  }
  if (store !== undefined) return { store };
  throw new UsageError(
    "which ledger? Name its store by --store (sqlite:PATH), or the address of a running `serve` by --server (http://…)",
  );
}

function serverUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--server ${text}: it must be an address such as http://127.0.0.1:3000`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new UsageError(
      "--server: put the API key in a file (--api-key-file), not in the address",
    );
  }
  if (url.search !== "" || url.hash !== "") {
    throw new UsageError(`--server ${text}: it must not contain ? or #`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

async function apiKeyOf(file: string | undefined): Promise<string | null> {
  const [key, where] =
    file === undefined
      ? [process.env[keyVariable], keyVariable]
      : [(await readFile(file, "utf8")).trim(), file];
  if (key === undefined) return null;
  const reason = keyError(key);
  if (reason === null) return key;
  throw new UsageError(`the API key in ${where} ${reason}`);
}
