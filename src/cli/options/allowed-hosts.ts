/** `--allowed-hosts`: the host names by which a served ledger may be reached. */
import { InvalidArgumentError, Option } from "commander";
import { parseHost } from "../../http/access/allowed-hosts.ts";

export function allowedHostsOption(): Option {
  return new Option(
    "--allowed-hosts <names>",
    "host names of the ledger besides loopback and --host, such as ledger.example.com,fleetledger:3000",
  )
    .env("FLEETLEDGER_ALLOWED_HOSTS")
    .argParser(allowedHosts)
    .default([], "none");
}

function allowedHosts(text: string, before: readonly string[]): string[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const wrong = names.find((name) => parseHost(name) === null);
  if (wrong === undefined) return [...before, ...names];
  throw new InvalidArgumentError(
    `${JSON.stringify(wrong)} is not a host name: give names separated by commas, each with or without a port, without https:// and without *.`,
  );
}
