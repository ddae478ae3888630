/** The configuration of webhooks, the file that `--webhooks` names, and the secrets in the files that it names. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import type { InputError } from "../../errors.ts";
import { maxWebhooks } from "../../limits/sinks.ts";
import { faultsIn, readJsonFile } from "../config/json-file.ts";
import { messageTypes } from "./message-type.ts";

/** Whether a host is this machine: only to it may messages go unencrypted. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** What is wrong with an address; it is never repeated, since it may hold a password. */
function addressProblem(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) return "must be an absolute URL";
  if (url.username !== "" || url.password !== "")
    return "must name no user and no password: messages are signed";
  const isSafe = url.protocol === "http:" && isLoopback(url.hostname);
  if (isSafe || url.protocol === "https:") return null;
  return "must begin with https://, or name a loopback address";
}

const webhook = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/, "must be 1 to 32 lower-case letters, digits and hyphens")
    .describe("Part of every message's id, and the name of its position."),
  url: z.string(),
  secretFile: z
    .string()
    .min(1)
    .describe("A file with a secret, `whsec_` and base64; a second line holds the one before."),
  types: z.array(z.enum([...messageTypes, "*"])).min(1),
  clusters: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("Names, in which * stands for any text. Default: all, and what is about no cluster."),
  format: z.enum(["standard", "cloudevents"]).default("standard"),
});

const webhooksFile = z.array(webhook).max(maxWebhooks);

export type Webhook = Readonly<z.output<typeof webhook>> & {
  /** The first signs; further ones sign too while secrets are changed. */
  readonly secrets: readonly Buffer[];
};

/** Reads the configuration and its secrets. Throws `invalid-request` with every fault by JSON pointer. */
export function readWebhooks(path: string): readonly Webhook[] {
  const parsed = readJsonFile(path, webhooksFile);
  const errors: InputError[] = [];
  const names = new Set<string>();
  const read = parsed.map((each, i): Webhook => {
    if (names.has(each.name))
      errors.push({ path: `/${i}/name`, message: `is used twice: ${each.name}` });
    names.add(each.name);
    const problem = addressProblem(each.url);
    if (problem !== null) errors.push({ path: `/${i}/url`, message: problem });
    const secrets = readSecrets(resolve(dirname(path), each.secretFile));
    if (typeof secrets === "string") errors.push({ path: `/${i}/secretFile`, message: secrets });
    return { ...each, secrets: typeof secrets === "string" ? [] : secrets };
  });
  if (errors.length > 0) throw faultsIn(path, errors);
  return read;
}

/** As Standard Webhooks has it: 24 to 64 random bytes. */
const secretBytes = { least: 24, most: 64 };

/** The secrets of a file, newest first, or what is wrong with it. What it holds is never told. */
function readSecrets(path: string): readonly Buffer[] | string {
  let text;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return `names a file that cannot be read: ${path}`;
  }
  const lines = text.split("\n").map((line) => line.trim());
  const words = lines.filter((line) => line !== "");
  if (words.length === 0 || words.length > 2) return "must name a file of one or two secrets";
  const secrets = words.map((word) =>
    /^whsec_[A-Za-z0-9+/]+={0,2}$/.test(word)
      ? Buffer.from(word.slice("whsec_".length), "base64")
      : Buffer.alloc(0),
  );
  const { least, most } = secretBytes;
  if (secrets.every(({ length }) => length >= least && length <= most)) return secrets;
  return `must name a file of secrets: whsec_ and base64 of ${least} to ${most} bytes each`;
}
