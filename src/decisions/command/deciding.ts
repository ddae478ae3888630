/** What every command is decided with: the ledger, and what this process knows of its own decisions. */
import type { Ledger } from "../../ledger/ledger.ts";
import { type Gates, noGates } from "./gates.ts";

export interface Deciding {
  readonly ledger: Ledger;
  readonly gates: Gates;
  /** Called with the instant of each decision that is made. */
  readonly onDecided: (at: number) => void;
  /** The latest instant of any decision that this process has made or seen; 0 if there is none. */
  readonly latestDecisionAt: () => number;
}

export function deciding(ledger: Ledger): Deciding {
  let latest = 0;
  return {
    ledger,
    gates: noGates,
    onDecided: (at) => {
      latest = Math.max(latest, at);
    },
    latestDecisionAt: () => Math.max(latest, ledger.latestDecisionAt()),
  };
}
