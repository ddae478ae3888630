/** `access revoke`: ends a key, and with it its sessions and streams. */
import type { Command } from "commander";
import { revokeKey } from "../../../access/issue.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import { number } from "../../../reports/text/figures.ts";
import { instant } from "../../options/command.ts";
import type { LedgerOptions } from "../../options/named-ledger.ts";
import { addLedgerOptions, namedLedger } from "../../options/named-ledger.ts";
import { refuseMissing, withLedger } from "../../options/open.ts";
import { postJson } from "../../server/answers.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import type { Said } from "./said.ts";
import { addSaid, saidOf } from "./said.ts";

interface RevokeOptions extends LedgerOptions, Said {
  readonly at?: number;
}

interface Revoked {
  readonly sequence: number | null;
}

export function addRevoke(access: Command, terminal: Terminal): void {
  addSaid(addLedgerOptions(access.command("revoke <key>")))
    .description("End a key. <key> is its public part, the ten characters after flk_.")
    .option("--at <instant>", "from when on it no longer holds; default: at once", instant)
    .action(async (key: string, options: RevokeOptions, command: Command) => {
      const named = await namedLedger(options, command);
      const said = saidOf(options);
      const { at } = options;
      let revoked: Revoked;
      if ("server" in named) {
        const path = `/v1/access/${encodeURIComponent(key)}/revoke`;
        const end = at === undefined ? {} : { at: formatInstant(at) };
        revoked = await postJson<Revoked>(named.server, path, { ...end, ...said });
      } else {
        refuseMissing(named.store);
        revoked = await withLedger(terminal, named.store, "write", (ledger) =>
          revokeKey(ledger, key, at, { said }),
        );
      }
      const { sequence } = revoked;
      terminal.say(
        sequence === null ? `${key} is over already` : `revoked: sequence ${number(sequence)}`,
      );
    });
}
