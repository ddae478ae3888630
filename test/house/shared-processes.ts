/** Which test files run in processes that they share. */

/**
 * Folders whose files one process runs one after the other: what they import is loaded once, and is fast by then. Their
 * tests leave nothing of themselves in the process; the others have a process for each file.
 */
export const sharing = [
  "access",
  "answers",
  "dashboard",
  "decisions",
  "events",
  "http/{access,app,charts,events,nfz,nodes,reports,rollouts}",
  "oracle",
  "projections",
  "reports",
  "seals",
  "simulate",
  "sources",
  "tree",
];

/** Files in there that count work or replace a module, for which they change how their process runs. */
export const apart = ["test/answers/lists.test.ts", "test/decisions/sweeps/sweeper-charge.test.ts"];
