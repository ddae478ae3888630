/** What the routes are given. */
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RawServerDefault,
} from "fastify";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Audit } from "../seals/audit.ts";
import type { Clock } from "../clock.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { BodyIntake } from "./bodies/body-intake.ts";
import type { ConnectionLimits } from "./server/connection-limits.ts";
import type { FoldingBudget } from "./answers/made-findings.ts";
import type { ServedLog } from "./server/log-state.ts";
import type { Metrics } from "./server/metrics.ts";
import type { AnswerRoom } from "./bodies/ndjson-answer.ts";

declare module "fastify" {
  interface FastifyInstance {
    /** How long a read waits for its `minSequence`, milliseconds. */
    readonly readWaitMs: number;
  }
}

/** The application while its routes are being added: schemas are zod's. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export type ApiRequest = FastifyRequest;
export type ApiReply = FastifyReply;

export interface ApiContext {
  readonly ledger: Ledger;
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
