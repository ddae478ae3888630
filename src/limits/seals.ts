/** How often a ledger is sealed, and how much a verification does at once. Sizes in bytes, durations in milliseconds. */

/** How often a mirror is compared with newer seals: as often as there is one. */
export const sealLookMs = 60_000;

/** Time between two seals while events come in: what is not sealed yet could be rewritten unseen. */
export const sealIntervalMs = 60_000;

/** Events after which a seal is made at once, however short the time. */
export const sealEveryEvents = 10_000;

/** Time after which an idle ledger is sealed too: ledger time advances, and with it the age of what is open. */
export const idleSealIntervalMs = 3_600_000;

/** Attempts to send a checkpoint to the witness before it waits for the next seal. */
export const maxSealAttempts = 3;

/** How long one attempt to send a checkpoint may take. */
export const sealAttemptMs = 10_000;

/** Threads that verify a history at once: beyond these, reading it and putting the parts together is what takes time. */
export const maxVerifyThreads = 8;

/** Leaves that a thread verifies at once: far more work than it costs to hand them over. */
export const leafBlockLeaves = 16_384;

/** Bytes of leaves that a thread verifies at once, but for a leaf that is longer: memory is bounded, whatever events hold. */
export const leafBlockBytes = 8 * 1024 * 1024;

/** Bytes of a bundle from which threads are worth their start. */
export const leastThreadedBytes = 32 * 1024 * 1024;
