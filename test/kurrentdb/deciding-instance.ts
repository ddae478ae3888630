/** Instances that decide over one store in KurrentDB, each with a mirror of its own. */
import { randomUUID } from "node:crypto";
import { onTestFinished } from "vitest";
import { type Asked, requestHash } from "../../src/decisions/command/asked.ts";
import { type Deciding, deciding } from "../../src/decisions/command/deciding.ts";
import { changeNfz, declareNfz } from "../../src/decisions/nfz/nfz.ts";
import type { NfzAnswer } from "../../src/decisions/nfz/answer.ts";
import type { RolloutAnswer } from "../../src/decisions/rollouts/answer.ts";
import type { RolloutCommand } from "../../src/decisions/rollouts/commands.ts";
import { commandRollout, submitRollout } from "../../src/decisions/rollouts/rollouts.ts";
import { Sweeper } from "../../src/decisions/sweeps/sweeper.ts";
import { isLedgerError } from "../../src/errors.ts";
import type { StoredEvent } from "../../src/events/envelope.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { openLedger } from "../../src/ledger/open-ledger.ts";
import { freshFolder, until } from "./ledger-on-server.ts";

export type InFlight = "finish" | "pause" | "rollback";

/** Milliseconds since the epoch. */
interface Window {
  readonly from?: number;
  readonly to?: number;
}

export interface Instance {
  readonly ledger: Ledger;
  readonly deciding: Deciding;
  /** `null` if nothing sweeps here. */
  readonly sweeper: Sweeper | null;
  /** What a sweep failed with. */
  readonly failures: unknown[];
  /** Over one node; from now on and for an hour, unless the window says otherwise. */
  declare(nfz: string, node: string, inFlight: InFlight, window?: Window): Promise<NfzAnswer>;
  lift(nfz: string): Promise<NfzAnswer>;
  /** Of one node. */
  submit(rollout: string, node: string, id?: string): Promise<RolloutAnswer>;
  command(rollout: string, command: RolloutCommand, id?: string): Promise<RolloutAnswer>;
  start(rollout: string, id?: string): Promise<RolloutAnswer>;
}

export const cluster = "alpha";

/** Who drives timers: the holder of the lease, this one whoever else does, or others alone. */
type Timers = "in turn" | "always" | "never" | "none";

/** With `none` nothing sweeps here, with `never` what it lets start itself. */
export async function decidingInstance(
  store: string,
  timers: Timers = "in turn",
): Promise<Instance> {
  const ledger = await openLedger({ store, mode: "write" });
  onTestFinished(() => ledger.close());
  const made = deciding(ledger);
  const failures: unknown[] = [];
  let sweeper: Sweeper | null = null;
  if (timers !== "none") {
    const started = new Sweeper({
      deciding: made,
      resolve: async () => undefined,
      isInCharge: () => timers === "always" || ledger.store.drivesTimers?.() === true,
      onSwept: () => undefined,
      onFailure: (error) => void failures.push(error),
    });
    if (timers === "in turn") ledger.store.takePartInTimers?.();
    await started.start();
    onTestFinished(() => started.stop());
    sweeper = started;
  }
  const asked = (command: string, body: object, id: string = randomUUID()): Asked => ({
    command,
    caller: { actor: "ann", roles: null, clusters: null },
    said: { reason: "a test" },
    id,
    request: requestHash(command, `/${command}`, body),
    minSequence: 0,
  });
  const command: Instance["command"] = (rollout, what, id) =>
    commandRollout(made, asked(what.name, { rollout, ...what }, id), { rollout }, what);
  return {
    ledger,
    deciding: made,
    sweeper,
    failures,
    declare: (nfz, node, inFlight, { from, to = Date.now() + 3_600_000 } = {}) => {
      const begin = from === undefined ? {} : { from: new Date(from).toISOString() };
      const occurrences = [{ ...begin, to: new Date(to).toISOString() }];
      const body = { nfz, clusters: [cluster], scope: { nodes: [node] }, inFlight, occurrences };
      return declareNfz(made, asked("declare", body), body);
    },
    lift: (nfz) => changeNfz(made, asked("lift", { nfz }), { nfz }, { name: "lift" }),
    submit: (rollout, node, id) => {
      const body = {
        cluster,
        rollout,
        updates: [{ component: "driver", version: "2" }],
        targets: { nodes: [node] },
        impact: { kind: "impactless" as const },
        urgency: "routine" as const,
      };
      return submitRollout(made, asked("submit", body, id), body);
    },
    command,
    start: (rollout, id) => command(rollout, { name: "start" }, id),
  };
}

/** Two of them, and nodes that are members of the cluster. */
export async function twoInstances(
  name: (mirror: string) => string,
  nodes: readonly string[],
  timers: Timers = "in turn",
): Promise<readonly [Instance, Instance]> {
  const one = await decidingInstance(name(freshFolder()), timers);
  const other = await decidingInstance(name(freshFolder()), timers);
  await joinNodes(one.ledger, nodes);
  // What is in streams of others is seen as far as the mirror has come.
  await until(async () => (await other.ledger.store.head()).sequence >= nodes.length);
  await other.ledger.waitFor(nodes.length, 600_000);
  return [one, other];
}

/** Makes them members of the cluster. */
export async function joinNodes(ledger: Ledger, nodes: readonly string[]): Promise<void> {
  const facts = nodes.map((node) => ({
    id: randomUUID(),
    type: "NodeCommissioned",
    occurredAt: "2026-01-01T00:00:00Z",
    data: { cluster, node },
    actor: "ann",
    reason: "a test",
  }));
  for (const each of await ledger.submit(facts)) if (each.status === "refused") throw each.error;
}

/** `null` if it was not refused with that code. Throws what else it ends with. */
export async function refusedWith<T>(code: string, asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (isLedgerError(error) && error.code === code) return null;
    throw error;
  }
}

/** The events of a stream, as the instance's mirror has them. */
export async function eventsOf({ ledger }: Instance, stream: string): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const event of ledger.store.readStream(stream)) events.push(event);
  return events;
}
