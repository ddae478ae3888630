/** A month of jobs for pages to show, with names that HTML, addresses and JSON must each write in their way. */
import type { SmallApp } from "../../http/app/small-app.ts";
import { smallApp } from "../../http/app/small-app.ts";
import { anEvent } from "../../http/app/memory-ledger.ts";

export const cluster = "a<b/c";
export const longJob = 'train/<1>"&%';

const at = (occurredAt: string, type: string, data: Record<string, unknown>) =>
  anEvent({ occurredAt, type, data: { cluster, ...data } });

const job = longJob;

/** In March: a job of 4 nodes over ten hours, as in the worked example; one of 2 nodes for an hour; one that was never started. */
export const training = [
  at("2026-02-01T00:00:00Z", "NodeCommissioned", { node: "n<3" }),
  at("2026-03-10T04:59:00Z", "NodeFailed", { node: "n<3", faultId: "f&1", category: "hardware" }),
  at("2026-03-10T05:29:00Z", "NodeReturned", { node: "n<3", faultIds: ["f&1"] }),
  at("2026-03-10T00:00:00Z", "JobStarted", { job, nodes: ["n[1-4]"] }),
  at("2026-03-10T02:00:00Z", "JobCheckpointed", { job, checkpointId: "c1", durationMs: 360_000 }),
  at("2026-03-10T04:00:00Z", "JobCheckpointed", { job, checkpointId: "c2", durationMs: 360_000 }),
  at("2026-03-10T05:00:00Z", "JobInterrupted", {
    job,
    cause: { kind: "fault", node: "n<3", faultId: "f&1" },
  }),
  at("2026-03-10T05:30:00Z", "JobResumed", { job }),
  at("2026-03-10T10:00:00Z", "JobFinished", { job, outcome: "completed" }),
  at("2026-03-10T12:00:00Z", "JobStarted", { job: "eval", nodes: ["n[1-2]"] }),
  at("2026-03-10T13:00:00Z", "JobFinished", { job: "eval", outcome: "completed" }),
  at("2026-03-11T00:00:00Z", "JobResumed", { job: "ghost" }),
  at("2026-04-02T00:00:00Z", "JobStarted", { job: "later", nodes: ["n1"] }),
];

export async function trainingApp(events: readonly object[] = training): Promise<SmallApp> {
  const made = await smallApp();
  const submissions = await made.ledger.submit([...events] as Parameters<
    typeof made.ledger.submit
  >[0]);
  const refused = submissions.filter((each) => each.status === "refused");
  if (refused.length > 0) throw new Error(`the history is refused: ${JSON.stringify(refused)}`);
  return made;
}

export const jobsAddress = `/clusters/${encodeURIComponent(cluster)}/jobs`;
export const jobAddress = `${jobsAddress}/${encodeURIComponent(longJob)}`;

/** The text that a reader sees, roughly. */
export function textOf(page: string): string {
  return page
    .replaceAll(/<(script|style|title)[^>]*>[^]*?<\/\1>/g, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");
}

/** One panel of a page. */
export function panelOf(page: string, id: string): string {
  const begin = page.indexOf(`data-fragment="${id}"`);
  if (begin < 0) throw new Error(`the page has no panel ${id}`);
  const next = page.indexOf("data-fragment=", begin + 1);
  return page.slice(begin, next < 0 ? undefined : next);
}
