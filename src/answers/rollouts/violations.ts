/** Violations of no-fly zones, as answers show them, with whether they were reported or decided. */
import {
  maintenanceViolations,
  wasMaintenanceSeen,
} from "../../../projections/figures/violations/maintenance.ts";
import { progressViolations } from "../../../projections/figures/violations/progress.ts";
import { startViolations, wasSeen } from "../../../projections/figures/violations/starts.ts";
import {
  type Violation,
  compareViolations,
} from "../../../projections/figures/violations/violation.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { ofClusters } from "../known-cluster.ts";
import { type PageAsked, pageOf } from "../lists/rows.ts";

interface ViolationsAsked {
  readonly cluster?: string | undefined;
  readonly sequence: number;
  readonly from: number;
  readonly to: number;
}

interface Found extends Violation {
  readonly cluster: string;
}

const usualDays = 30;

/** The requested window, otherwise a number of days up to and including the instant. */
export function usualWindow(
  asked: { readonly from?: number | undefined; readonly to?: number | undefined },
  at: number | null,
): Pick<ViolationsAsked, "from" | "to"> {
  if (asked.from !== undefined && asked.to !== undefined) return { from: asked.from, to: asked.to };
  const to = (at ?? 0) + 1;
  return { from: to - usualDays * 86_400_000, to };
}

/** By instant, then event; according to the facts as of the sequence. */
export async function violationsAnswer(ledger: Ledger, asked: ViolationsAsked, page: PageAsked) {
  const { cluster, sequence, from, to } = asked;
  const window = { from, to };
  const found = await ofClusters(ledger, cluster, sequence, (view): Found[] =>
    [
      ...startViolations(view, window),
      ...progressViolations(view, window),
      ...maintenanceViolations(view, ledger.view(view.cluster, sequence), window),
    ].map((each) => ({ ...each, cluster: view.cluster })),
  );
  const wrong = await withoutReason(ledger, found.flat().sort(compareViolations));
  const { total, rows, next } = pageOf(wrong, ({ fact }) => fact.id, page.after, page.limit);
  const violations = [];
  for (const each of rows) violations.push(await violationJson(ledger, each));
  return { from: formatInstant(from), to: formatInstant(to), total, violations, next };
}

/** Violations that no reason makes legitimate. */
async function withoutReason(ledger: Ledger, found: readonly Found[]): Promise<Found[]> {
  const ids = found.filter((each) => each.isRightWithReason).map(({ fact }) => fact.id);
  if (ids.length === 0) return [...found];
  const events = await ledger.store.findByIds(ids);
  const reasoned = new Set(
    events.filter(({ attribution }) => attribution.reason !== undefined).map(({ id }) => id),
  );
  return found.filter(
    ({ isRightWithReason, fact }) => !isRightWithReason || !reasoned.has(fact.id),
  );
}

async function violationJson(ledger: Ledger, violation: Found) {
  const { kind, rollout, cluster, node, fact, nfzs } = violation;
  return {
    kind,
    rollout,
    cluster,
    at: formatInstant(fact.occurredAt),
    event: fact.id,
    nfzs,
    ...(node === null ? {} : { node }),
    reported: fact.decision === undefined,
    seen: await seenOf(ledger, violation),
  };
}

/** Whether the ledger decided it although it saw the zone. Progress is only recorded, never decided. */
async function seenOf(ledger: Ledger, { rollout, cluster, node, fact }: Found): Promise<boolean> {
  if (fact.decision === undefined || fact.type === "RolloutProgressed") return false;
  const seen = fact.decision.sequence;
  const own = ledger.view(cluster, fact.sequence);
  if (fact.type === "NodeMaintenanceStarted") {
    const timeline = node === null ? null : own.entity("node", node);
    return await ledger.answer(cluster, seen, (view) => wasMaintenanceSeen(view, timeline, fact));
  }
  const timeline = rollout === null ? null : own.entity("rollout", rollout);
  return await ledger.answer(cluster, seen, (view) => wasSeen(view, timeline, fact));
}

export type ViolationsAnswer = Awaited<ReturnType<typeof violationsAnswer>>;
