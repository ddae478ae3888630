/** A ledger in a temporary file with a clock that is set, to ask for decisions about rollouts of cluster `c`. */
import { randomUUID } from "node:crypto";
import type { Asked } from "../../../src/decisions/command/asked.ts";
import { requestHash } from "../../../src/decisions/command/asked.ts";
import { type Deciding, deciding } from "../../../src/decisions/command/deciding.ts";
import type { RolloutAnswer } from "../../../src/decisions/rollouts/answer.ts";
import type { RolloutCommand } from "../../../src/decisions/rollouts/commands.ts";
import { commandRollout, submitRollout } from "../../../src/decisions/rollouts/rollouts.ts";
import { isLedgerError } from "../../../src/errors.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import { begin, hour, iso } from "../../projections/history.ts";
import { anybody } from "../situation.ts";

export interface RolloutLedger extends AsyncDisposable {
  readonly ledger: Ledger;
  readonly deciding: Deciding;
  setClock(hours: number): void;
  /** States a fact, as a sender does. */
  state(type: string, hours: number, data: Record<string, unknown>): Promise<string>;
  submit(id?: string): Promise<object>;
  /** What a command on rollout `r` is answered, or refused with. */
  ask(command: RolloutCommand, id?: string): Promise<object>;
}

/** It is the hour 0. */
export async function rolloutLedger(): Promise<RolloutLedger> {
  const temporary = temporaryLedger();
  let nowMs = begin;
  const ledger = await temporary.open({ clock: { nowMs: () => nowMs } });
  const made = deciding(ledger);
  const state: RolloutLedger["state"] = async (type, hours, data) => {
    const id = randomUUID();
    const event = { id, type, occurredAt: iso(hour(hours)), data, actor: "eva", reason: "a test" };
    const [taken] = await ledger.submit([event]);
    if (taken?.status === "refused") throw taken.error;
    await ledger.waitFor(taken?.sequence ?? 0, 600_000);
    return id;
  };
  const askedFor = (command: string, body: object, id = randomUUID() as string): Asked => ({
    command,
    caller: anybody,
    said: { reason: "a test" },
    id,
    request: requestHash(command, "/v1/rollouts", body),
    minSequence: 0,
  });
  await state("ClusterRegistered", 0, { cluster: "c" });
  const body = {
    rollout: "r",
    cluster: "c",
    updates: [{ component: "driver", version: "2" }],
    impact: { kind: "impactless" as const },
    urgency: "routine" as const,
  };
  return {
    ledger,
    deciding: made,
    setClock: (hours) => {
      nowMs = hour(hours);
    },
    state,
    submit: async (id) => await answerOf(submitRollout(made, askedFor("submit", body, id), body)),
    ask: async (command, id) =>
      await answerOf(
        commandRollout(made, askedFor(command.name, command, id), { rollout: "r" }, command),
      ),
    [Symbol.asyncDispose]: async () => await temporary[Symbol.asyncDispose](),
  };
}

async function answerOf(asked: Promise<RolloutAnswer>): Promise<object> {
  try {
    return await asked;
  } catch (error) {
    if (!isLedgerError(error)) throw error;
    return { code: error.code, detail: error.message, ...error.extra };
  }
}
