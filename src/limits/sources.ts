/** How payloads of sources are taken. */

/** Streams of one payload that are settled in one turn of the writer: others wait some hundredths of a second at most. */
export const streamsPerTurn = 64;

/** How often a stream is settled anew because somebody else has appended to it: each time somebody got through. */
export const maxSettleAttempts = 10;

/** Events of one type that are read at once when an agent's nodes are looked up. */
export const agentPageSize = 1_000;
