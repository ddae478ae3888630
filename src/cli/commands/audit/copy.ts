/** `fleetledger copy`: a ledger from one store to another. */
import { Option } from "commander";
import { copyLedger } from "../../../copies/copy-ledger.ts";
import { openStore } from "../../../ledger/open-store.ts";
import type { EventStore } from "../../../store/port.ts";
import type { AddCommand } from "../../options/command.ts";
import { number } from "../../../reports/text/figures.ts";
import { sayTo } from "../../options/open.ts";
import { startProgress } from "../../terminal/progress.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { UsageError } from "../../terminal/terminal.ts";

interface CopyOptions {
  readonly from: string;
  readonly to: string;
  readonly format: "text" | "json";
}

export const addCopy: AddCommand = (program, { terminal }) => {
  program
    .command("copy")
    .description("Copy a ledger to another store, event by event, and compare the tree heads.")
    .requiredOption("--from <store>", "the ledger to copy: sqlite:PATH or kurrentdb://…")
    .requiredOption("--to <store>", "an empty ledger, or one that an earlier copy started")
    .addOption(
      new Option("--format <format>", "format of the summary")
        .choices(["text", "json"])
        .default("text"),
    )
    .addHelpText(
      "after",
      "\nAn interrupted copy can be run again and continues. No other program may write to the target." +
        "\nTwo stores in KurrentDB need a mirror each: put #data=DIR in their names.",
    )
    .action(async ({ from, to, format }: CopyOptions) => {
      if (from === to) throw new UsageError("--from and --to name the same store");
      await withStores(terminal, from, to, async (source, target) => {
        const progress = startProgress(terminal, "copying");
        try {
          const summary = await copyLedger(source, target, progress.update);
          progress.stop();
          const { copied, alreadyThere, sequence, rootHash } = summary;
          const there = alreadyThere === 0 ? "" : `, ${number(alreadyThere)} were there already`;
          await terminal.out(
            format === "json"
              ? `${JSON.stringify(summary)}\n`
              : `${number(copied)} events copied${there}\nboth have ${number(sequence)} events under the tree head ${rootHash}\n`,
          );
        } finally {
          progress.stop();
        }
      });
    });
};

async function withStores(
  terminal: Terminal,
  from: string,
  to: string,
  work: (source: EventStore, target: EventStore) => Promise<void>,
): Promise<void> {
  const filling = startProgress(terminal, "filling the mirror (bytes of the store's log)");
  const telling = { onFilling: filling.update, lease: "none" as const, say: sayTo(terminal) };
  try {
    // A copy of an incomplete mirror would pass for the whole ledger, so the mirror is filled first.
    const source = await openStore(from, "read", { ...telling, mayLagBehind: false });
    try {
      const target = await openStore(to, "write", telling);
      filling.stop();
      try {
        await work(source, target);
      } finally {
        await target.close();
      }
    } finally {
      await source.close();
    }
  } finally {
    filling.stop();
  }
}
