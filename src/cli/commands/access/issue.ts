/** `access add` and `access rotate`: they print a key, which is shown once. */
import { inputErrors } from "../../../events/check/input-errors.ts";
import { InvalidArgumentError } from "commander";
import type { Command } from "commander";
import { issueKey, rotateKey } from "../../../access/issue.ts";
import type { Granted, Issued } from "../../../access/issue.ts";
import { keyClusters, keyName, keyRole } from "../../../events/access.ts";
import { defaultOverlapMs, maxOverlapMs } from "../../../limits/access.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import { instant } from "../../options/command.ts";
import type { LedgerOptions } from "../../options/named-ledger.ts";
import { addLedgerOptions, namedLedger } from "../../options/named-ledger.ts";
import { withLedger } from "../../options/open.ts";
import { postJson } from "../../server/answers.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { UsageError } from "../../terminal/terminal.ts";
import type { Said } from "./said.ts";
import { addSaid, saidOf } from "./said.ts";

interface AddOptions extends LedgerOptions, Said {
  readonly role: readonly string[];
  readonly cluster?: readonly string[];
  readonly expires?: number;
}

interface RotateOptions extends LedgerOptions, Said {
  readonly overlap: number;
}

export function addIssues(access: Command, terminal: Terminal): void {
  addAdd(access, terminal);
  addRotate(access, terminal);
}

function addAdd(access: Command, terminal: Terminal): void {
  addSaid(addLedgerOptions(access.command("add <name>")))
    .description("Issue a key and print it. It is shown this once.")
    .requiredOption(
      "--role <role...>",
      "viewer, reporter, operator, approver, auditor, admin, metrics, source:NAME, or a name that policies look at",
      collected,
    )
    .option(
      "--cluster <glob...>",
      "clusters that are seen, * for any text; default: all",
      collected,
    )
    .option("--expires <instant>", "from when on the key no longer holds", instant)
    .action(async (name: string, options: AddOptions, command: Command) => {
      const granted = grantedTo(name, options);
      const named = await namedLedger(options, command);
      const said = saidOf(options);
      const { expiresAt, ...rest } = granted;
      const end = expiresAt === undefined ? {} : { expiresAt: formatInstant(expiresAt) };
      const issued =
        "server" in named
          ? await postJson<Issued>(named.server, "/v1/access", { ...rest, ...end, ...said })
          : await withLedger(terminal, named.store, "write", (ledger) =>
              issueKey(ledger, granted, { said }),
            );
      await print(terminal, issued);
    });
}

function addRotate(access: Command, terminal: Terminal): void {
  addSaid(addLedgerOptions(access.command("rotate <key>")))
    .description("Issue a second key of the same name and print it; the first ends later.")
    .option(
      "--overlap <time>",
      "how long the first one still holds, such as 7d, 12h or 0",
      overlap,
      defaultOverlapMs,
    )
    .action(async (key: string, options: RotateOptions, command: Command) => {
      const named = await namedLedger(options, command);
      const said = saidOf(options);
      const { overlap: overlapMs } = options;
      const issued =
        "server" in named
          ? await postJson<Issued>(named.server, `/v1/access/${encodeURIComponent(key)}/rotate`, {
              overlapMs,
              ...said,
            })
          : await withLedger(terminal, named.store, "write", (ledger) =>
              rotateKey(ledger, key, overlapMs, { said }),
            );
      await print(terminal, issued);
    });
}

async function print(terminal: Terminal, { key, secret }: Issued): Promise<void> {
  terminal.say(
    `issued: key ${key}. It is shown this once; keep it in a file that only its user reads.`,
  );
  await terminal.out(`${secret}\n`);
}

function collected(text: string, before: readonly string[] = []): string[] {
  return [...before, ...text.split(",").filter((part) => part !== "")];
}

/** Refused here, before a ledger is opened, by the rules that the ledger itself has. */
function grantedTo(name: string, { role, cluster = ["*"], expires }: AddOptions): Granted {
  for (const [schema, value, what] of [
    [keyName, name, `the name ${name}`],
    ...role.map((each) => [keyRole, each, `the role ${each}`] as const),
    [keyClusters, cluster, "--cluster"],
  ] as const) {
    const parsed = schema.safeParse(value, { reportInput: true });
    const [error] = inputErrors(parsed.error?.issues ?? [], "");
    if (error !== undefined) throw new UsageError(`${what} ${error.message}`);
  }
  return { name, roles: role, clusters: cluster, expiresAt: expires };
}

const unitMs: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000 };

function overlap(text: string): number {
  const [, count = "", unit = ""] = /^(\d{1,6})([dhm])$/.exec(text) ?? [];
  const ms = text === "0" ? 0 : Number(count) * (unitMs[unit] ?? NaN);
  if (ms >= 0 && ms <= maxOverlapMs) return ms;
  throw new InvalidArgumentError("It must be a time such as 7d, 12h, 30m or 0, of a year at most.");
}
