/** How agents watch and send. Durations in milliseconds. */

/** How often the metadata service of a virtual machine is asked: Azure gives as little as half a minute of notice. */
export const metadataIntervalMs = 2_000;

/** How long an agent that has nothing to tell is silent. */
export const agentHeartbeatMs = 30_000;

/** How long one request may take. */
export const agentRequestMs = 30_000;

/** How long an agent waits before it tries again what failed: doubled each time, up to the second. */
export const agentRetryLeastMs = 1_000;
export const agentRetryMostMs = 60_000;

/** Nodes of one page of a list. */
export const nodesPerPage = 500;

/** How long the API server keeps a watch open. */
export const watchSeconds = 300;

/** How long lines of a watch are gathered before they are sent. */
export const watchGatherMs = 500;
