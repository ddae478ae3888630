/** What the routes are given. */
import type { Deciding } from "../../decisions/command/deciding.ts";
import type { Audit } from "../../seals/audit.ts";
import type { Clock } from "../../clock.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { BodyIntake } from "../bodies/body-intake.ts";
import type { ConnectionLimits } from "../server/connection-limits.ts";
import type { FoldingBudget } from "../submissions/made-findings.ts";
import type { ServedLog } from "../observability/log-state.ts";
import type { Metrics } from "../observability/metrics.ts";
import type { AnswerRoom } from "../bodies/ndjson-answer.ts";

export interface ApiContext {
  readonly ledger: Ledger;
  readonly deciding: Deciding;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly audit: Audit;
  /** Aborted when the server begins to stop: what was accepted is finished, nothing more is taken. */
  readonly stopping: AbortSignal;
  /** What clients may cost. */
  readonly connections: ConnectionLimits;
  readonly bodies: BodyIntake;
  readonly answers: AnswerRoom;
  /** What naming the findings of appends may cost. */
  readonly folding: FoldingBudget;
  readonly log: ServedLog;
}
