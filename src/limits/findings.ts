/** What it may cost to find the findings that an append made. Sizes in bytes, durations in milliseconds. */

/** Entities whose findings are looked for after an append: as many as a list has events. */
export const maxSubjectsForFindings = 1_000;

/**
 * Facts that are folded to find what one append made, once or twice each: some ten milliseconds of work, so that nobody
 * waits behind it. Of an event that comes in order, its thing's last few dozen are folded.
 */
export const maxFactsForFindings = 3_000;

/**
 * Facts that are folded for the findings of all appends per second: about a tenth of the event loop, however many
 * appends a busy entity gets.
 */
export const maxFactsFoldedPerSecond = 60_000;

/** How long an answer to an append waits for the views, to name findings: usually they take a millisecond or two. */
export const maxFindingsWaitMs = 250;

/** Findings that the answer to one append names; `/v1/data-quality` has the rest. */
export const maxMadeFindings = 100;
