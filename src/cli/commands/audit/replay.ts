/** `fleetledger replay`: recompute everything from raw events, and compare with the live projections. */
import { replay } from "../../../verify/replay.ts";
import type { Replay } from "../../../verify/replay.ts";
import { LedgerError } from "../../../errors.ts";
import { leafStore } from "../../../store/leaf-store.ts";
import { storeOption, wholeNumber } from "../../options/command.ts";
import type { AddCommand } from "../../options/command.ts";
import { number } from "../../../reports/text/figures.ts";
import { withLedger } from "../../options/open.ts";
import { withStepProgress } from "../../terminal/step-progress.ts";
import { shownText } from "../../../shown-text.ts";
import { exitCodes } from "../../terminal/terminal.ts";

export const addReplay: AddCommand = (program, { terminal, done }) => {
  program
    .command("replay")
    .description(
      "Recompute every figure from raw events alone, and compare it byte for byte with the live projections.",
    )
    .addOption(storeOption())
    .option(
      "--to <sequence>",
      "as of this sequence; default: the last",
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
    )
    .action(async ({ store, to }: { store: string; to?: number }) => {
      const result = await withLedger(terminal, store, "read", async (ledger) => {
        if (to !== undefined && to > ledger.sequence()) {
          throw new LedgerError(
            "position-past-head",
            `sequence ${to} was requested, but the ledger ends at ${ledger.sequence()}`,
          );
        }
        return await withStepProgress(terminal, (onProgress) =>
          replay(ledger, leafStore(ledger.store), { to, onProgress }),
        );
      });
      await terminal.out(replayText(result));
      if (result.difference !== null) done(exitCodes.finding);
    });
};

function replayText({ sequence, clusters, documents, difference }: Replay): string {
  if (difference === null) {
    return `equal byte for byte: ${number(documents)} documents of ${number(clusters)} clusters, from ${number(sequence)} raw events\n`;
  }
  const { cluster, where, first } = difference;
  const place = where === null ? cluster : `${cluster}, ${where}`;
  return [
    `NOT EQUAL as of sequence ${number(sequence)}: ${place}`,
    `first differing figure: ${first.figure}`,
    `  live projections: ${JSON.stringify(first.before)}`,
    `  raw events:       ${JSON.stringify(first.after)}`,
    "The raw events are authoritative. The projections' data beside the ledger (the file ending in .derived) can be deleted; it is rebuilt.",
    "",
  ]
    .map(shownText)
    .join("\n");
}
