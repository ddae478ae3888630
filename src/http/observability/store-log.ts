/** Logs the state of a store outside this process, which `/readyz` and `/metrics` show too: when it changes, and while something is wrong. */
import type { FastifyBaseLogger } from "fastify";
import { storeLogMs } from "../../limits/kurrentdb.ts";
import type { EventStore, StoreStatus } from "../../store/port.ts";

/** Looks periodically; call the returned function to stop. Does nothing for a store in a local file. */
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

/** `null` if there is nothing new to log. */
function levelOf(now: StoreStatus, told: StoreStatus | null): "info" | "warn" | "error" | null {
  if (now.mirrorState === "stopped") return "error";
  if (now.mirrorState !== "live") return "warn";
  if (lacksHolder(now)) return "warn";
  return told === null || signOf(now) !== signOf(told) ? "info" : null;
}

/** Whether a lease holder is missing. If no instance has a key, none is needed. */
function lacksHolder({ mirrorState, leaseHolder, mayHoldLease }: StoreStatus): boolean {
  return mirrorState === "live" && leaseHolder === null && mayHoldLease;
}

/** The part of the status that stays the same while all is well. */
function signOf(status: StoreStatus): string {
  const { mirrorState, reconnects, retries, unknownOutcomesResolved, duplicateIds } = status;
  const counts = [reconnects, retries, unknownOutcomesResolved, duplicateIds];
  return [mirrorState, ...counts, status.leaseHolder, status.leaseTerm, status.timersHolder].join(
    " ",
  );
}
