/** Limits of what the ledger tells other systems. */

/** Figures for Prometheus are computed at most so often: a fleet's figures cost more than scrapes are worth. */
export const figuresEveryMs = 15_000;

/** Rows of an export that are read and written at once: enough that a batch costs little, few enough to hold. */
export const rowsPerBatch = 1_000;

/** Rows of a row group of a Parquet file: readers skip by row groups, and the writer holds one in memory. */
export const rowGroupRows = 50_000;

/** Texts of a row group, after which it ends early: events may be large, and a row group is held in memory. */
export const rowGroupBytes = 64 * 1024 * 1024;

/** How far back a no-fly zone's beginning or end is still told: a server that was away for a night makes up for it. */
export const noticesReachBackMs = 86_400_000;

/** For how long a release must have been overdue before it is told: two sweeps have missed it. */
export const releasePatienceMs = 120_000;

/** From this share of a month's error budget on, the month is at risk: there is still a fifth to act on. */
export const atRiskSpentRatio = 0.8;

/** For how long after a month it is still judged: late facts come within days, and reports tell of later ones. */
export const monthJudgedMs = 7 * 86_400_000;

/** How often a cluster's figures are computed for notices: budgets move slowly, and a fleet's figures cost much. */
export const agreementEveryMs = 300_000;

/** Notices that are appended at once: an imported history may make thousands due together. */
export const noticesPerAppend = 100;

/** For how long the witness must lack the last checkpoint before it is told: it is sent again with every seal. */
export const sealPatienceMs = 3_600_000;

/** Ids of notices that a process remembers as said; beyond these the ledger is asked. */
export const maxRememberedNotices = 10_000;

/** Webhooks of one ledger: each is a connection and a position of its own. */
export const maxWebhooks = 32;

/** How long a receiver has for its answer: it should take the message and work on it later. */
export const webhookTimeoutMs = 20_000;

const [secondMs, minuteMs, hourMs] = [1_000, 60_000, 3_600_000];

/** When a message is tried again, after each attempt; together about three days, over a weekend. */
export const retryAfterMs: readonly number[] = [
  5 * secondMs,
  5 * minuteMs,
  30 * minuteMs,
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * hourMs),
];

/** By how much each of them varies: receivers that failed together are not asked again together. */
export const retrySpread = 0.2;

/** What a receiver asks for by Retry-After is taken up to a day: an endpoint is not silent for ever. */
export const maxRetryAfterMs = 24 * hourMs;

/** After so many refusals a message is put aside: a receiver that cannot take it now will not learn it. */
export const deadAfterAttempts = 3;

/** Dead letters that are kept for each webhook; of older ones the count stays. */
export const maxDeadLetters = 1_000;

/** Events that a webhook reads at once: what it holds in memory, whatever the receiver does. */
export const webhookBatchEvents = 100;

/** Events that concern a webhook not at all, after which its position is noted all the same: these are read again after a restart. */
export const webhookNoteEvents = 10_000;

/** Schedules of reports: a few for each cluster of a large fleet. */
export const maxSchedules = 256;

/** How often schedules are looked at: reports are due by the day. */
export const scheduleLookMs = 60_000;

/** When a report that could not be issued is tried again: what is missing is set right by people, or comes with events. */
export const reportAgainMs = 900_000;

/** How often it is looked for maintenance that has become overdue: a warning a minute late is early enough. */
export const overdueLookMs = 60_000;
