/** What `/readyz` and `/metrics` tell of a store that lives elsewhere, in the log: when it changes, and as long as something is wrong. */
import type { FastifyBaseLogger } from "fastify";
import { storeLogMs } from "../../limits/kurrentdb.ts";
import type { EventStore, StoreStatus } from "../../store/port.ts";

/** Looks now and then, until the function that it gives is called. Nothing for a store that is a file of its own. */
export function logStore(
  store: Pick<EventStore, "status">,
  logger: Pick<FastifyBaseLogger, "info" | "warn" | "error">,
  everyMs: number = storeLogMs,
): () => void {
  if (store.status === undefined) return () => undefined;
  const status = store.status.bind(store);
  let told: StoreStatus | null = null;
  const look = (): void => {
    const now = status();
    const level = levelOf(now, told);
    if (level === null) return;
    told = now;
    logger[level]({ store: now }, lacksHolder(now) ? withoutHolder : words[now.mirrorState]);
  };
  look();
  const timer = setInterval(look, everyMs).unref();
  return () => clearInterval(timer);
}

const withoutHolder = "no instance holds the lease, so nothing is sealed";
const words: Readonly<Record<StoreStatus["mirrorState"], string>> = {
  live: "the mirror is up to date with the store",
  filling: "the mirror is behind the store",
  disconnected: "the mirror is not following the store",
  stopped: "the mirror has stopped",
};

/** `null` where there is nothing new to say. */
function levelOf(now: StoreStatus, told: StoreStatus | null): "info" | "warn" | "error" | null {
  if (now.mirrorState === "stopped") return "error";
  if (now.mirrorState !== "live") return "warn";
  if (lacksHolder(now)) return "warn";
  return told === null || signOf(now) !== signOf(told) ? "info" : null;
}

/** Where no instance has a key, nobody is to seal. */
function lacksHolder({ mirrorState, leaseHolder, mayHoldLease }: StoreStatus): boolean {
  return mirrorState === "live" && leaseHolder === null && mayHoldLease;
}

/** What does not change while all goes well. */
function signOf(status: StoreStatus): string {
  const { mirrorState, reconnects, retries, unknownOutcomesResolved, duplicateIds } = status;
  const counts = [reconnects, retries, unknownOutcomesResolved, duplicateIds];
  return [mirrorState, ...counts, status.leaseHolder, status.leaseTerm].join(" ");
}
