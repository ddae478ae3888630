/** Who gets into a served ledger: the options, the secret that signs sessions, and the refusal to be open to others. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { writeFileSync, readFileSync } from "node:fs";
import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import { keyEventsOf } from "../../access/key-ring.ts";
import type { RateLimits } from "../../http/access/rate-limits.ts";
import { leastSecretBytes, rateLimits } from "../../limits/access.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { UsageError } from "../terminal/terminal.ts";

export interface AccessOptions {
  readonly openToAll?: boolean | undefined;
  readonly publicUrl?: string | undefined;
  readonly sessionSecretFile?: string | undefined;
  readonly rates?: Partial<RateLimits> | undefined;
}

export function addAccessOptions(command: Command): Command {
  return command
    .option(
      "--open-to-all",
      "serve without keys on an address that others reach: they may read and write everything",
      false,
    )
    .option(
      "--public-url <url>",
      "where browsers reach the ledger, such as https://ledger.example.com; logging in off the machine needs https",
      publicUrl,
    )
    .option(
      "--session-secret-file <file>",
      "a file that signs sessions, the same for all instances; default: one beside the ledger",
    )
    .option(
      "--rates <limits>",
      `what each key may ask for: ${ratesText(rateLimits)}, or some of these`,
      rates,
    );
}

function ratesText(limits: RateLimits): string {
  return Object.entries(limits)
    .map(([name, most]) => `${name}=${most}`)
    .join(",");
}

function rates(text: string): Partial<RateLimits> {
  const given = text.split(",").map((each) => {
    const [, name = "", most = ""] = /^(\w+)=([1-9]\d{0,8})$/.exec(each.trim()) ?? [];
    if (Object.hasOwn(rateLimits, name)) return [name, Number(most)] as const;
    throw new InvalidArgumentError(
      `It must be such as ${ratesText(rateLimits)}, or some of these.`,
    );
  });
  return Object.fromEntries(given);
}

function publicUrl(text: string): string {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.pathname === "/") return url.origin;
  throw new InvalidArgumentError("It must be an address such as https://ledger.example.com.");
}

/** Whether nobody needs a key. */
export async function isOpen(ledger: Ledger): Promise<boolean> {
  if (process.env["FLEETLEDGER_API_KEY"] !== undefined) return false;
  return (await keyEventsOf(ledger)).length === 0;
}

/** Throws UsageError for an address that others reach, as long as there is no key. */
export async function refuseOpen(
  ledger: Ledger,
  host: string,
  openToAll: boolean | undefined,
): Promise<void> {
  if (isLoopback(host) || openToAll === true || !(await isOpen(ledger))) return;
  throw new UsageError(
    `there is no key yet, and others can reach ${host}: issue one with \`access add NAME --role admin\`, or serve without keys by --open-to-all`,
  );
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

/** Beside the file that serves reads; only its owner reads it. */
const suffix = ".session-secret";

/**
 * The secret that signs sessions: of the file that is named, else of one beside the ledger, which is made when it is
 * missing. Throws UsageError for a file that is too short to be a secret.
 */
export async function sessionSecret(
  { store }: Pick<Ledger, "store">,
  file: string | undefined,
): Promise<Uint8Array> {
  if (file !== undefined) {
    const secret = await readFile(file);
    if (secret.length >= leastSecretBytes) return secret;
    throw new UsageError(`${file} is too short to sign sessions: ${leastSecretBytes} random bytes`);
  }
  if (store.localPath === undefined) return randomBytes(leastSecretBytes);
  const path = `${store.localPath}${suffix}`;
  try {
    const made = randomBytes(leastSecretBytes);
    writeFileSync(path, made, { flag: "wx", mode: 0o600 });
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return readFileSync(path);
  }
}
