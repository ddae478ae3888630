/** How payloads of sources are taken. Sizes in bytes, durations in milliseconds. */
/** Streams that are settled in one turn of the writer: others wait some hundredths of a second at most. */
export const streamsPerTurn = 64;

/** How often a stream is settled anew because somebody else has appended to it: each time somebody got through. */
export const maxSettleAttempts = 10;

/** Events of one type that are read at once when an agent's nodes are looked up. */
export const agentPageSize = 1_000;

/** Members of one object in a payload: labels and annotations of a node are the widest that are known, some dozens. */
export const maxPayloadMembers = 1_024;

/**
 * A list of nodes or a watch of them, taken node by node as it arrives: ten thousand nodes with their images, at
 * 25 KB each.
 */
export const maxNodeListBytes = 256 * 1024 * 1024;

/** One node of a list, with its images; and the rest of the list together. */
export const maxListedBytes = 1024 * 1024;

/** Nodes of a list that are settled together. */
export const nodesPerPart = 500;

/** CloudEvents of one batch: each may be a payload of its own. */
export const maxCloudEventsPerBatch = 1_000;

/** Events that are listed of those that a payload would become: what a person reads before sending it. */
export const maxPreviewedEvents = 1_000;

/** Nodes that all rows of an outage log name, each time counted: the largest log known names 23,000. */
export const maxNodesPerLog = 1_000_000;

/** What Event Grid is told that it may send, requests a minute. */
export const webhookRequestsPerMinute = 6_000;

/** Refusals of a source that are kept for those who look after it: what a screen shows. */
export const keptRefusals = 20;

/** Payloads of a source whose outcome is kept. */
export const keptPayloads = 20;

/** How often it is looked whether a source has been silent for too long: a tenth of that time, between these bounds. */
export const silenceLookLeastMs = 250;
export const silenceLookMostMs = 10_000;
