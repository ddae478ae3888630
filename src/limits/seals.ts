/** How often a ledger is sealed, and how much a verification does at once. Sizes in bytes, durations in milliseconds. */

/** How often a mirror is compared with newer seals: as often as there is one. */
export const sealLookMs = 60_000;

/** Time between two seals while events come in: what is not sealed yet could be rewritten unseen. */
export const sealIntervalMs = 60_000;

/** Events after which a seal is made at once, however little time has passed. */
export const sealEveryEvents = 10_000;

/** Time after which an idle ledger is sealed too: ledger time advances, and with it the age of what is open. */
export const idleSealIntervalMs = 3_600_000;

/** Attempts to send a checkpoint to the witness before it waits for the next seal. */
export const maxSealAttempts = 3;

/** How long one attempt to send a checkpoint may take. */
export const sealAttemptMs = 10_000;

/** Threads that verify a history at once: with more, reading it and joining the parts would take the time. */
export const maxVerifyThreads = 8;

/** Leaves that a thread verifies at once: far more work than handing them over. */
export const leafBlockLeaves = 16_384;

/**
 * Size of the leaves that a thread verifies at once, except for a longer leaf: memory is bounded, whatever events
 * contain.
 */
export const leafBlockBytes = 8 * 1024 * 1024;

/** Memory that `verify` takes for each event of a small ledger: more than most leaves need. */
export const usualLeafBytes = 1_024;

/** Size of a bundle from which threads are worth starting. */
export const leastThreadedBytes = 32 * 1024 * 1024;
