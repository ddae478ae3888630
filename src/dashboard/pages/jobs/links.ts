/** Links from jobs to what stopped them. */
import type { PageContext } from "../../frame/page.ts";
import { pathSegment } from "../../../path-segment.ts";

export function jobHref(context: PageContext, cluster: string, job: string): string {
  return context.link(`/clusters/${pathSegment(cluster)}/jobs/${pathSegment(job)}`);
}

export function nodeHref(context: PageContext, cluster: string, node: string): string {
  return context.link(`/clusters/${pathSegment(cluster)}/nodes/${pathSegment(node)}`);
}

/** An event's page has no window. */
export function eventHref(context: PageContext, id: string): string {
  return context.link(`/events/${id}`, { period: null, from: null, to: null });
}
