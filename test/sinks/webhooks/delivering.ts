/** Webhooks over a ledger on the disk, a receiver, and a time that the test moves. */
import { randomBytes } from "node:crypto";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import type { Webhook } from "../../../src/sinks/webhooks/webhooks-file.ts";
import { Webhooks } from "../../../src/sinks/webhooks/webhooks.ts";
import { anEvent } from "../../http/app/memory-ledger.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import { FakeTime } from "../fake-time.ts";
import type { Receiver } from "./receiver.ts";
import { receiver } from "./receiver.ts";

type WebhooksOptions = ConstructorParameters<typeof Webhooks>[0];

export const secret = randomBytes(32);

export function failure(n: number, cluster = "alpha") {
  return anEvent({
    occurredAt: "2026-03-01T00:00:00Z",
    type: "NodeFailed",
    data: { cluster, node: `n${n}`, faultId: `f${n}`, category: "hardware" },
  });
}

/** Appends one failure after another; gives the last sequence. */
export async function fail(ledger: Ledger, count: number, cluster = "alpha"): Promise<number> {
  let sequence = 0;
  for (let n = 0; n < count; n++) {
    const [submission] = await ledger.submit([failure(n, cluster)]);
    if (submission?.status !== "appended") throw new Error(JSON.stringify(submission));
    sequence = submission.sequence ?? 0;
  }
  await ledger.waitFor(sequence, 600_000);
  return sequence;
}

export interface Delivering extends AsyncDisposable {
  readonly ledger: Ledger;
  readonly to: Receiver;
  readonly time: FakeTime;
  readonly failures: string[];
  /** Makes webhooks, as a process would; those before are stopped by the test. */
  webhooks(webhook?: Partial<Webhook>, more?: Partial<WebhooksOptions>): Webhooks;
}

export async function delivering(instant = "2026-04-15T12:00:00Z"): Promise<Delivering> {
  const time = new FakeTime(instant);
  const temporary = temporaryLedger();
  const ledger = await temporary.open();
  const to = await receiver();
  const failures: string[] = [];
  const made: Webhooks[] = [];
  return {
    ledger,
    to,
    time,
    failures,
    webhooks: (webhook = {}, more = {}) => {
      const webhooks = new Webhooks({
        webhooks: [
          {
            name: "pager",
            url: to.url,
            secretFile: "",
            secrets: [secret],
            types: ["*"],
            format: "standard",
            ...webhook,
          },
        ],
        ledger,
        origin: "test-ledger",
        isInCharge: () => true,
        onFailure: (name, words, error) =>
          failures.push(
            error === undefined ? `${name} ${words}` : `${name} ${(error as Error).message}`,
          ),
        clock: time.clock,
        after: time.after,
        random: () => 0.5,
        ...more,
      });
      made.push(webhooks);
      return webhooks;
    },
    async [Symbol.asyncDispose]() {
      for (const webhooks of made) await webhooks.stop();
      await temporary[Symbol.asyncDispose]();
      await to[Symbol.asyncDispose]();
    },
  };
}

/** What the webhook's state is, once it is idle. */
export async function statusOf(webhooks: Webhooks) {
  const [status] = await webhooks.status();
  if (status === undefined) throw new Error("there is no webhook");
  return status;
}
