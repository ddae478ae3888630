/** A ledger as the holder of a key writes to it: what a key may not state is refused, and its name is the actor. */
import { LedgerError } from "../../errors.ts";
import type { Made } from "../../ledger/append/request.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Access } from "../access.ts";
import { actorOf } from "../actor.ts";
import { replaced } from "../scope/replaced.ts";
import { admitted, nameOfSource, withActor } from "./admission.ts";

/**
 * `seen` is what the key reads; `whole` is the ledger. `holds` says whether the key is still in force: an import that goes
 * on for hours ends with it.
 */
export function speakingLedger(
  whole: Ledger,
  seen: Ledger,
  access: Access,
  holds: () => boolean,
): Ledger {
  const named = (inputs: readonly unknown[]): unknown[] =>
    inputs.map((input) => withActor(access, input as Readonly<Record<string, unknown>>));
  return replaced(seen, {
    submit: async (inputs, options = {}) => {
      if (!holds()) throw new LedgerError("unauthorized", "The API key no longer holds.");
      const refusals = new Map<number, LedgerError>();
      const taken: unknown[] = [];
      for (const [index, each] of inputs.entries()) {
        const { input, refusal } = await admitted(whole.store, access, each);
        if (refusal !== null) refusals.set(index, refusal);
        taken.push(input);
      }
      return await whole.submit(taken, { ...options, refusals });
    },
    submitDecided: async (streams, make) =>
      await whole.submitDecided(
        streams,
        async (P) => await onlyAdmitted(whole, access, await make(P)),
      ),
    refusalsOf: async (inputs) => {
      const { inputs: taken, refusals = new Map() } = await onlyAdmitted(whole, access, {
        inputs,
        revisions: new Map(),
      });
      return new Map([...(await whole.refusalsOf(taken)), ...refusals]);
    },
    submitSystem: async (inputs) => await whole.submitSystem(named(inputs)),
    submitSystemIn: async (stream, make) =>
      await whole.submitSystemIn(stream, async (P): Promise<Made> => {
        const made = await make(P);
        return { ...made, inputs: named(made.inputs) };
      }),
    acceptClock: async (said, id) => {
      const actor = actorOf(access, said.actor);
      return await whole.acceptClock(actor === undefined ? said : { ...said, actor }, id);
    },
  });
}

/** What the ledger decided was asked by whoever may; what sources tell in its turns is judged here, fact by fact. */
async function onlyAdmitted(whole: Ledger, access: Access, made: Made): Promise<Made> {
  const refusals = new Map(made.refusals);
  const taken: unknown[] = [];
  for (const [index, each] of made.inputs.entries()) {
    const { decision, source } = each as { readonly decision?: unknown; readonly source?: unknown };
    if (decision !== undefined) {
      taken.push(each);
      continue;
    }
    const { input, refusal } = await admitted(whole.store, access, each, nameOfSource(source));
    if (refusal !== null) refusals.set(index, refusal);
    taken.push(input);
  }
  return { ...made, inputs: taken, refusals };
}
