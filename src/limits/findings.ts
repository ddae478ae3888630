/** What finding the findings of an append may cost. Sizes in bytes, durations in milliseconds. */

/** Things whose findings are looked for after an append: as many as a list has events. */
export const maxSubjectsForFindings = 1_000;

/** Facts of the things of one append that are folded to find what it made, twice each: some ten milliseconds of work, so that nobody waits behind it. */
export const maxFactsForFindings = 3_000;

/** Facts that are folded for the findings of all appends of a second: about a tenth of the event loop, however many come to a busy thing. */
export const maxFactsFoldedPerSecond = 60_000;

/** How long an answer to an append waits for the views, to tell of findings: they are mostly there within a millisecond or two. */
export const maxFindingsWaitMs = 250;

/** Findings that the answer to one append names; the rest is at its own address. */
export const maxMadeFindings = 100;
