/** The two positions that are compared: an earlier one, and the page's own. */
import { LedgerError } from "../../../errors.ts";
import type { PageContext } from "../../frame/page.ts";

export interface Span {
  readonly from: number;
  readonly to: number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Throws `invalid-request` if the earlier position is after the page's. */
export function spanOf(context: PageContext): Span {
  const to = context.stand.sequence;
  const asked = context.filters["from-sequence"];
  const from = asked === undefined ? aDayBefore(context) : Number(asked);
  if (from <= to) return { from, to };
  throw new LedgerError(
    "invalid-request",
    `The earlier position ${from} is after ${to}, the later one.`,
    { errors: [{ path: "/query/from-sequence", message: `must not be after ${to}` }] },
  );
}

/** The last position of 24 hours before the page's instant, to the minute. */
export function aDayBefore({ ledger, stand }: PageContext): number {
  if (stand.at === null) return 0;
  const minute = Math.floor((stand.at - dayMs) / minuteMs);
  return Math.min(ledger.minutes().lastBefore(minute), stand.sequence);
}
