/** The page's window in words. */
import { minuteText } from "../../frame/times.ts";
import type { PageContext } from "../../frame/page.ts";
import { periodWords } from "../../cluster/period-switch.ts";
import type { PageWindow } from "./window-facts.ts";

/** `March 2026` for a calendar period; two instants as the reader's zone has them. */
export function windowWords({ zone, stand, query }: PageContext, window: PageWindow): string {
  const { label, period, from, to } = window;
  if (!label.includes("/")) return periodWords(period);
  const days = /^P(\d+)D$/.exec(query.period ?? "")?.[1];
  if (days !== undefined) return `the ${days} days to ${minuteText(to, zone, stand.at)}`;
  return `${minuteText(from, zone, stand.at)} – ${minuteText(to, zone, stand.at)}`;
}
