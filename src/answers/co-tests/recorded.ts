/** Recording a co-test: its updates, stated or taken from rollouts, and the fact that says how it ended. */
import { compareUpdates, updateKey } from "../../../projections/co-tests/update-sets.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { LedgerError } from "../../errors.ts";
import type { DataOf } from "../../events/catalogue.ts";
import type { Submission } from "../../ledger/append/submission.ts";
import type { Ledger } from "../../ledger/ledger.ts";

type Updates = DataOf<"CoTestPassed">["updates"];

interface CoTestStated {
  readonly coTest: string;
  readonly outcome: "passed" | "failed";
  readonly updates?: Updates | undefined;
  readonly rollouts?: readonly string[] | undefined;
  readonly cluster?: string | undefined;
  readonly environment?: string | undefined;
  readonly evidence?: string | undefined;
  readonly occurredAt?: string | undefined;
}

/** Who says so, and why. */
type Said = Readonly<
  Partial<
    Record<"actor" | "reason" | "ticket" | "correlationId" | "causationId", string | undefined>
  >
>;

interface Recorded {
  readonly updates: Updates;
  readonly submission: Submission;
}

/**
 * Appends the result. Sent again with the same id and without an instant, it is the same event. Throws `not-found` for a
 * rollout that no fact names, `invalid-request` for one of several clusters.
 */
export async function recordCoTest(
  ledger: Ledger,
  id: string,
  stated: CoTestStated,
  said: Said,
): Promise<Recorded> {
  const { coTest, outcome, cluster, environment, evidence } = stated;
  const updates = stated.updates ?? updatesOfRollouts(ledger, stated.rollouts ?? [], cluster);
  const data = {
    coTest,
    updates,
    ...(cluster === undefined ? {} : { cluster }),
    ...(environment === undefined ? {} : { environment }),
    ...(evidence === undefined ? {} : { evidence }),
  };
  const before = stated.occurredAt === undefined ? await ledger.store.findById(id) : null;
  const now = formatInstant(before?.occurredAt ?? Math.floor(ledger.nowMs()));
  const event = {
    id,
    type: outcome === "passed" ? "CoTestPassed" : "CoTestFailed",
    occurredAt: stated.occurredAt ?? now,
    data,
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)),
  };
  const [submission] = await ledger.submit([event]);
  if (submission === undefined) throw new LedgerError("internal", "a co-test had no outcome");
  return { updates: [...updates], submission };
}

/** The union of their updates, by component and version. */
function updatesOfRollouts(
  ledger: Ledger,
  rollouts: readonly string[],
  cluster: string | undefined,
): Updates {
  const union = new Map<string, Updates[number]>();
  for (const [i, rollout] of rollouts.entries())
    for (const update of submittedUpdates(ledger, rollout, cluster, i)) {
      const key = updateKey(update);
      if (!union.has(key)) union.set(key, update);
    }
  return [...union.values()].sort(compareUpdates);
}

function submittedUpdates(
  ledger: Ledger,
  rollout: string,
  cluster: string | undefined,
  index: number,
): Updates {
  const clusters = cluster === undefined ? ledger.clusters() : [cluster];
  const found = clusters.flatMap((name) => {
    const submission = ledger.view(name).entity("rollout", rollout)?.submission;
    return submission === undefined || submission === null ? [] : [submission];
  });
  const [first, second] = found;
  if (first === undefined)
    throw new LedgerError("not-found", `No rollout ${rollout} was submitted.`, {
      extra: { rollout },
    });
  if (second === undefined) return first.data.updates;
  const message = `${rollout} is a rollout of several clusters: name the cluster, or the updates`;
  throw new LedgerError("invalid-request", message, {
    errors: [{ path: `/rollouts/${index}`, message: "is a rollout of several clusters" }],
  });
}
