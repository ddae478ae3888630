/** What every route gets. */
import type { Deciding } from "../../decisions/command/deciding.ts";
import type { Audit } from "../../seals/audit.ts";
import type { Clock } from "../../clock.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { BodyIntake } from "../bodies/body-intake.ts";
import type { StreamReaders } from "../server/stream-readers.ts";
import type { ConnectionLimits } from "../server/connection-limits.ts";
import type { FoldingBudget } from "../submissions/made-findings.ts";
import type { ServedLog } from "../observability/log-state.ts";
import type { Metrics } from "../observability/metrics.ts";
import type { SilenceWatch } from "../../sources/watch/silence.ts";
import type { SourceLog } from "../../sources/watch/source-log.ts";
import type { Webhooks } from "../../sinks/webhooks/webhooks.ts";
import type { AnswerRoom } from "../bodies/ndjson-answer.ts";

/** The sources that are configured, and what came of them. */
interface SourcesContext {
  readonly log: SourceLog;
  readonly silence: SilenceWatch;
  /** Who may ask to send CloudEvents. */
  readonly allowedOrigins: readonly string[];
}

export interface LedgerPart {
  /** `null` for all. */
  readonly clusters: readonly string[] | null;
}

export interface ApiContext {
  readonly ledger: Ledger;
  /** The part of the ledger that `ledger` is, for keys that do not read all of it; `null` if it is the whole. */
  readonly part: LedgerPart | null;
  readonly deciding: Deciding;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly audit: Audit;
  /** `null` if none are configured. */
  readonly webhooks: Webhooks | null;
  /** Aborted when the server begins to stop: accepted requests are finished, and no more are accepted. */
  readonly stopping: AbortSignal;
  /** Limits on what clients may use. */
  readonly connections: ConnectionLimits;
  readonly bodies: BodyIntake;
  readonly answers: AnswerRoom;
  readonly readers: StreamReaders;
  /** Limits the work of finding what an append contradicts. */
  readonly folding: FoldingBudget;
  readonly log: ServedLog;
  readonly sources: SourcesContext;
  /** Namespaces of Kubernetes whose pods are admitted without a look. */
  readonly exemptNamespaces: ReadonlySet<string>;
}
