/** `fleetledger agent`: programs that watch where things happen, and tell a ledger. */
import { readFile } from "node:fs/promises";
import tls from "node:tls";
import { Option } from "commander";
import type { Command } from "commander";
import { runAzureAgent } from "../../../agents/azure-agent.ts";
import { runKubernetesAgent } from "../../../agents/kubernetes-agent.ts";
import type { AgentOptions } from "../../../agents/ledger-door.ts";
import { systemClock } from "../../../clock.ts";
import type { AddCommand } from "../../options/command.ts";
import { UsageError } from "../../terminal/terminal.ts";
import type { Terminal } from "../../terminal/terminal.ts";

interface CommonOptions {
  readonly ledger: string;
  readonly keyFile?: string;
  readonly source: string;
}

interface AzureOptions extends CommonOptions {
  readonly name?: string;
  readonly approve?: "user";
  readonly metadataUrl: string;
}

interface KubernetesOptions extends CommonOptions {
  readonly api?: string;
  readonly serviceAccount: string;
}

export const addAgent: AddCommand = (program, { terminal }) => {
  const group = program
    .command("agent")
    .description("Watch a machine or a cluster, and tell a ledger what happens there.");
  addCommon(group.command("azure"), "azure")
    .description("Azure Scheduled Events of the virtual machine that it runs on.")
    .option("--name <name>", "the machine's name; default: as its metadata service says")
    .addOption(
      new Option("--approve <whose>", "let events begin at once that a user asked for").choices([
        "user",
      ]),
    )
    .option("--metadata-url <url>", "the metadata service", "http://169.254.169.254")
    .action(async (options: AzureOptions) => {
      await untilStopped(terminal, options, async (common) => {
        await runAzureAgent({
          ...common,
          metadata: plainUrl(options.metadataUrl, "--metadata-url"),
          name: options.name ?? null,
          approvesUsers: options.approve === "user",
          nowMs: () => systemClock.nowMs(),
        });
      });
    });
  addCommon(group.command("kubernetes"), "kubernetes")
    .description("The nodes of a cluster of Kubernetes, by the API server.")
    .option("--api <url>", "the API server; default: that of the pod")
    .option(
      "--service-account <folder>",
      "the folder with the account's token and ca.crt",
      "/var/run/secrets/kubernetes.io/serviceaccount",
    )
    .action(async (options: KubernetesOptions) => {
      await trustCluster(options.serviceAccount);
      const api = plainUrl(options.api ?? podsApi(), "--api");
      await untilStopped(terminal, options, async (common) => {
        const token = () => textOrNull(`${options.serviceAccount}/token`);
        await runKubernetesAgent({ ...common, api, token });
      });
    });
};

function addCommon(command: Command, source: string): Command {
  return command
    .requiredOption("--ledger <url>", "the ledger's address, such as https://ledger.example")
    .option("--key-file <file>", "a file with the ledger's key")
    .option("--source <name>", "the source in the ledger's configuration", source);
}

/** Runs the agent until SIGINT or SIGTERM. */
async function untilStopped(
  terminal: Terminal,
  { ledger, keyFile, source }: CommonOptions,
  run: (common: AgentOptions) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const key = async () => (keyFile === undefined ? null : (await readFile(keyFile, "utf8")).trim());
  // A missing key file is an error of the call; one that is missing later is told and tried again.
  await key();
  try {
    const common = { ledger: plainUrl(ledger, "--ledger"), key, source, signal: stop.signal };
    await run({ ...common, say: (line) => terminal.say(line) });
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

function plainUrl(text: string, option: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageError(`${option} ${text}: it must be an address such as https://ledger.example`);
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

function podsApi(): string {
  const host = process.env["KUBERNETES_SERVICE_HOST"];
  const port = process.env["KUBERNETES_SERVICE_PORT"] ?? "443";
  if (host === undefined)
    throw new UsageError("which API server? This is no pod of Kubernetes; name it by --api");
  return `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The API server's certificate is signed by the cluster's own authority. */
async function trustCluster(folder: string): Promise<void> {
  const authority = await textOrNull(`${folder}/ca.crt`);
  if (authority !== null)
    tls.setDefaultCACertificates([...tls.getCACertificates("default"), authority]);
}

async function textOrNull(path: string): Promise<string | null> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
