/** `fleetledger verify`: checks whether a bundle or a store is what its signatures say. */
import { Option } from "commander";
import { verifyBundle, verifyStore } from "../../../verify/verify.ts";
import type { Verification, VerifyOptions } from "../../../verify/verify.ts";
import { openStore } from "../../../ledger/open-store.ts";
import { shownText } from "../../../shown-text.ts";
import { isKurrentDbName, withDataDir } from "../../../store/kurrentdb/client/name.ts";
import { leafStore } from "../../../store/leaf-store.ts";
import type { AddCommand } from "../../options/command.ts";
import { number } from "../../../reports/text/figures.ts";
import { readCheckpoint, readVerifier, readWitnesses } from "../../options/key-files.ts";
import { sayTo } from "../../options/open.ts";
import type { OnStep } from "../../terminal/step-progress.ts";
import { withStepProgress } from "../../terminal/step-progress.ts";
import { withMirrorCompared } from "./verify-mirror.ts";
import { exitCodes, UsageError } from "../../terminal/terminal.ts";
import type { Terminal } from "../../terminal/terminal.ts";

interface VerifyCommandOptions {
  readonly key: string;
  readonly store?: string;
  readonly since?: string;
  readonly witness: readonly string[];
  /** The mirror's folder, for a store in KurrentDB. */
  readonly data?: string;
}

export const addVerify: AddCommand = (program, { terminal, done }) => {
  program
    .command("verify")
    .description(
      "Check a bundle or a store: events, tree, seals, signatures, consistency and issued reports.",
    )
    .argument("[bundle]", "a file that `export --bundle` wrote; needs neither ledger nor network")
    .requiredOption("--key <file>", "the public key (ledger.pub)")
    .option("--store <name>", "check this ledger instead of a bundle (sqlite:PATH)")
    .option(
      "--since <file>",
      "a checkpoint seen before, or the file of `serve --seal-to`, which the history must extend",
    )
    .addOption(
      new Option(
        "--witness <file>",
        "the public key of a witness, to check its signature on the checkpoint if there is one; repeatable",
      )
        .argParser((file: string, before: readonly string[]) => [...before, file])
        .default([], "none"),
    )
    .action(async (bundle: string | undefined, options: VerifyCommandOptions) => {
      const verifier = await readVerifier(options.key);
      const witnesses = await readWitnesses(options.witness, verifier);
      const since =
        options.since === undefined
          ? undefined
          : await readCheckpoint(options.since, verifier, witnesses);
      const result = await withStepProgress(terminal, (onProgress) =>
        verifyOne(terminal, bundle, namedStore(options), {
          verifier,
          since,
          witnesses,
          onProgress,
        }),
      );
      await terminal.out(verificationText(result));
      if (result.findings.length > 0) done(exitCodes.finding);
    });
};

/**
 * `--store` is not an option of this command, so a store from the environment is joined to the mirror's folder here.
 */
function namedStore({ store, data }: VerifyCommandOptions): NamedStore {
  const byEnvironment = process.env["FLEETLEDGER_STORE"];
  const isJoined = data === undefined || byEnvironment === undefined;
  return {
    named: store,
    byEnvironment: isJoined ? byEnvironment : withDataDir(byEnvironment, data),
  };
}

interface NamedStore {
  readonly named: string | undefined;
  readonly byEnvironment: string | undefined;
}

async function verifyOne(
  terminal: Terminal,
  bundle: string | undefined,
  { named, byEnvironment }: NamedStore,
  options: VerifyOptions & { readonly onProgress: OnStep },
): Promise<Verification> {
  if (bundle !== undefined) {
    if (named !== undefined) throw new UsageError("name a bundle or --store, not both");
    return await verifyBundle(bundle, options);
  }
  const name = named ?? byEnvironment;
  if (name === undefined) throw new UsageError("name a bundle to verify, or a ledger with --store");
  const store = await openStore(name, "read", { say: sayTo(terminal) });
  try {
    const result = await verifyStore(leafStore(store), options);
    if (!isKurrentDbName(name)) return result;
    const { verifier, onProgress } = options;
    return await withMirrorCompared(name, store, result, { signer: verifier.name, onProgress });
  } finally {
    await store.close();
  }
}

/** One line for each thing that was checked, one for each finding, then the verdict. */
export function verificationText({
  lines,
  findings,
}: Pick<Verification, "lines" | "findings">): string {
  const width = Math.max(...lines.map(({ what }) => what.length));
  const checked = lines.map(({ what, words }) => `${what.padEnd(width)}  ${words}`);
  const wrong = findings.map(
    ({ sequence, message }) =>
      `WRONG  ${sequence === null ? "" : `event ${number(sequence)}: `}${message}`,
  );
  const verdict =
    findings.length === 0
      ? "verified: no findings"
      : `NOT VERIFIED: ${number(findings.length)} ${findings.length === 1 ? "finding" : "findings"}`;
  return [...checked, ...wrong, verdict, ""].map(shownText).join("\n");
}
