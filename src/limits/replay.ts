/** What `replay` and `verify` keep in memory while they fold a history again. Sizes in bytes. */

/**
 * Facts in memory before they are written to the temporary file: a few hundred thousand events. A smaller history needs
 * no file.
 */
export const maxWaitingFactBytes = 64 * 1024 * 1024;

/**
 * Timelines that are kept for documents, by an estimate of about half of their real size: a few months of a large
 * cluster. What does not fit is folded again in another pass.
 */
export const maxHeldTimelineBytes = 64 * 1024 * 1024;
