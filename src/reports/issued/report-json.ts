/** An issued report as answers show it. */
import { formatInstant } from "../../../projections/time/instant.ts";
import type { IssuedReport } from "./issue.ts";
import { pathSegment } from "../../path-segment.ts";

export type ReportJson = ReturnType<typeof reportJson>;

export function reportJson({ event, data }: IssuedReport) {
  const { recordedAtKept: _kept, ...shown } = data;
  const { actor, reason } = event.attribution;
  return {
    ...shown,
    issuedAt: formatInstant(event.recordedAt),
    eventId: event.id,
    eventSequence: event.sequence,
    location: reportAddress(data.report),
    ...(actor === undefined ? {} : { actor }),
    ...(reason === undefined ? {} : { reason }),
  };
}

export function reportAddress(report: string): string {
  return `/v1/reports/${pathSegment(report)}`;
}
