/** The books' pairs of waiting rollouts at an instant: which of them were tested together, and how that ended. */
import { nineDecimals } from "./arithmetic/exact.ts";
import { happened } from "./rollouts.ts";
import type { ClusterTruth, CoTestTruth, RolloutTruth } from "../setting/history.ts";
import { iso } from "../setting/setting.ts";
import { isMember } from "../truth/fleet/fleet.ts";
import { nodesOf } from "../truth/fleet/place.ts";
import { compareInQueue } from "../truth/rollouts/queue-order.ts";
import { standingOf } from "../truth/rollouts/standing.ts";

type PairStatus = "passed" | "failed" | "never" | "conflict";

interface PairBook {
  /** In the order of the queue. */
  readonly rollouts: readonly [string, string];
  readonly status: PairStatus;
}

type Updates = CoTestTruth["updates"];

interface Waiting {
  readonly truth: RolloutTruth;
  readonly isSubmitted: boolean;
  readonly updates: Updates;
  /** `null`: the whole cluster. */
  readonly nodes: ReadonlySet<string> | null;
}

interface Results {
  readonly passed: readonly Updates[];
  readonly failed: readonly Updates[];
}

/** By what happened before the instant. */
export function coTestsOf(truth: ClusterTruth, at: number) {
  const waiting = waitingAt(truth, at);
  const results = resultsAt(truth, at);
  const members = new Set(
    truth.nodes.filter((node) => isMember(node, at - 1)).map(({ node }) => node),
  );
  const pairs = waiting.flatMap((a, i) =>
    waiting.slice(i + 1).flatMap((b): PairBook[] => {
      const status = doShare(a, b, members) ? statusOf(a.updates, b.updates, results) : null;
      return status === null ? [] : [{ rollouts: [a.truth.rollout, b.truth.rollout], status }];
    }),
  );
  const count = (status: PairStatus) => pairs.filter((pair) => pair.status === status).length;
  const [passed, failed, never] = [count("passed"), count("failed"), count("never")];
  return {
    at: iso(at),
    pairs,
    counts: { passed, failed, never, conflict: count("conflict") },
    coverage: nineDecimals(passed, passed + failed + never),
  };
}

function waitingAt({ rollouts, nodes }: ClusterTruth, at: number): Waiting[] {
  return rollouts
    .flatMap((truth): Waiting[] => {
      const { stage, isSubmitted } = standingOf(truth, happened(at - 1));
      if (stage !== "submitted" && stage !== "blocked" && stage !== "releasable") return [];
      // Nothing is known of what nobody submitted.
      const updates = isSubmitted ? truth.updates : [];
      const targets = isSubmitted ? truth.targets : null;
      return [{ truth, isSubmitted, updates, nodes: nodesOf(targets, nodes, at - 1) }];
    })
    .sort(compareInQueue);
}

function doShare(a: Waiting, b: Waiting, members: ReadonlySet<string>): boolean {
  if (a.nodes === null && b.nodes === null) return true;
  const others = b.nodes ?? members;
  return [...(a.nodes ?? members)].some((node) => others.has(node));
}

/** `null` for two that are no pair. */
function statusOf(a: Updates, b: Updates, { passed, failed }: Results): PairStatus | null {
  const differ = a.some((one) =>
    b.some((other) => one.component === other.component && one.version !== other.version),
  );
  if (differ) return "conflict";
  if (isWithin(a, b) || isWithin(b, a)) return null;
  const both = [...a, ...b];
  if (failed.some((set) => isWithin(set, both))) return "failed";
  return passed.some((set) => isWithin(both, set)) ? "passed" : "never";
}

/** A pass grows old; a failure does not, but more than the same updates may pass together later. */
function resultsAt({ coTests, coTestTerms }: ClusterTruth, at: number): Results {
  const { environments, validMs } = coTestTerms;
  const counted = coTests
    .filter((test) => test.at < at && (environments?.includes(test.environment) ?? true))
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const last = counted.filter(
    (test, i) => !counted.slice(i + 1).some((later) => isThere(test, later) && isSame(test, later)),
  );
  const failed = last.filter(
    (test, i) =>
      !test.hasPassed &&
      !last
        .slice(i + 1)
        .some((later) => later.hasPassed && isThere(test, later) && isMore(later, test)),
  );
  const passed = last.filter((test) => test.hasPassed && at - test.at < validMs);
  return {
    passed: passed.map(({ updates }) => updates),
    failed: failed.map(({ updates }) => updates),
  };
}

function isThere(a: CoTestTruth, b: CoTestTruth): boolean {
  return a.environment === b.environment;
}

function isSame(a: CoTestTruth, b: CoTestTruth): boolean {
  return isWithin(a.updates, b.updates) && isWithin(b.updates, a.updates);
}

function isMore(a: CoTestTruth, b: CoTestTruth): boolean {
  return isWithin(b.updates, a.updates) && !isWithin(a.updates, b.updates);
}

function isWithin(few: Updates, many: Updates): boolean {
  return few.every((one) =>
    many.some((each) => each.component === one.component && each.version === one.version),
  );
}
