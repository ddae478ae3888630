/** The status of a store in KurrentDB, for monitoring. */
import type { StoreStatus } from "../port.ts";
import type { KurrentDbAppender } from "./appender.ts";
import type { LeaseStatus } from "./lease.ts";
import type { MirrorStatus } from "../mirror/mirror.ts";

export function storeStatus(
  mirror: MirrorStatus,
  { sealing: lease, timers }: { readonly sealing: LeaseStatus; readonly timers: LeaseStatus },
  { inFlight, counts }: Pick<KurrentDbAppender, "inFlight" | "counts">,
): StoreStatus {
  return {
    mirrorState: mirror.state,
    mirrorLagEvents: mirror.lagEvents,
    mirrorLagSeconds: mirror.lagSeconds,
    reconnects: mirror.reconnects,
    appendsInFlight: inFlight,
    retries: counts.retries,
    duplicateIds: mirror.duplicateIds,
    unknownOutcomesResolved: counts.unknownResolved,
    leaseHolder: lease.holder,
    holdsLease: lease.isOurs,
    mayHoldLease: lease.mayHold,
    leaseTerm: lease.term === null ? null : Number(lease.term),
    leaseError: lease.error,
    timersHolder: timers.holder,
    drivesTimers: timers.isOurs,
    mayDriveTimers: timers.mayHold,
    timersError: timers.error,
    error: mirror.error,
  };
}
