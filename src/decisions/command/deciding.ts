/** What every command needs in order to be decided: the ledger, and what this process knows about its own decisions. */
import { isLedgerError } from "../../errors.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Asked } from "./asked.ts";
import { coTestGate } from "./co-test-gate.ts";
import { hasFastPath } from "./fast-path.ts";
import type { Gates } from "./gates.ts";
import { KeptPlaces } from "./kept-places.ts";

/** The outcome of a command, for the log and the metrics. */
interface Told {
  readonly command: string;
  /** The rollout or no-fly zone. */
  readonly about: string;
  readonly actor: string;
  /** `appended`, `already`, `repeated`, or the code of the error. */
  readonly result: string;
}

/** A rollout in its cluster. */
export interface NamedRollout {
  readonly cluster: string;
  readonly rollout: string;
}

export interface Deciding {
  readonly ledger: Ledger;
  readonly gates: Gates;
  /** Targets and scopes, resolved to nodes by the newest facts. */
  readonly places: KeptPlaces;
  /** Called with the instant of each decision. */
  readonly onDecided: (at: number) => void;
  /** The latest instant of any decision that this process has made or seen; 0 if there is none. */
  readonly latestDecisionAt: () => number;
  /** Called with each rollout that was allowed to start or go on: in a shared store, a zone that was not seen may hold it. */
  readonly onLetGo: (rollout: NamedRollout) => void;
  /** Registers a listener for these rollouts; it is called once the event is in the mirror. */
  readonly listenForLetGo: (listener: (rollout: NamedRollout) => void) => void;
  /** Registers a listener for the outcome of each command. */
  readonly listen: (listener: (told: Told) => void) => void;
  /** Tells the listeners about the outcome of a command, and returns the command's answer. */
  readonly telling: <T extends { readonly outcome: string }>(
    asked: Asked,
    about: string,
    work: () => Promise<T>,
  ) => Promise<T>;
}

export function deciding(ledger: Ledger): Deciding {
  let latest = 0;
  const listeners: ((told: Told) => void)[] = [];
  const letGo: ((rollout: NamedRollout) => void)[] = [];
  const tell = ({ command, caller }: Asked, about: string, result: string): void => {
    for (const listener of listeners) listener({ command, about, actor: caller.actor, result });
  };
  return {
    ledger,
    gates: { hasFastPath, untested: coTestGate() },
    places: new KeptPlaces(ledger),
    onDecided: (at) => {
      latest = Math.max(latest, at);
    },
    latestDecisionAt: () => Math.max(latest, ledger.latestDecisionAt()),
    onLetGo: (rollout) => {
      for (const listener of letGo) listener(rollout);
    },
    listenForLetGo: (listener) => {
      letGo.push(listener);
    },
    listen: (listener) => {
      listeners.push(listener);
    },
    telling: async (asked, about, work) => {
      try {
        const answer = await work();
        tell(asked, about, answer.outcome);
        return answer;
      } catch (error) {
        tell(asked, about, isLedgerError(error) ? error.code : "internal");
        throw error;
      }
    },
  };
}
