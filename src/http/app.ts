/** Builds the HTTP interface from its parts; `serve.ts` makes it listen. */
import { randomBytes, randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { fastifySSE } from "@fastify/sse";
import fastify, { LogController } from "fastify";
import type { FastifyBaseLogger } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { validatorCompiler } from "fastify-type-provider-zod";
import { Audit } from "../seals/audit.ts";
import { KeyRing } from "../access/key-ring.ts";
import type { Clock } from "../clock.ts";
import { systemClock } from "../clock.ts";
import { type Deciding, deciding } from "../decisions/command/deciding.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { heartbeatMs } from "../limits/clients.ts";
import { maxReadWaitMs } from "../limits/requests.ts";
import { guardHosts } from "./access/allowed-hosts.ts";
import { ScopedHandlers } from "./scoped-handlers.ts";
import { limitRates } from "./access/rate-limits.ts";
import type { RateLimits } from "./access/rate-limits.ts";
import { accessWith, guardRoutes, identify } from "./access/auth.ts";
import { chooseEncoding, compressAnswers } from "./encoding/compression.ts";
import { inflateBodies } from "./bodies/compressed-bodies.ts";
import { BodyIntake } from "./bodies/body-intake.ts";
import type { ConnectionLimits } from "./server/connection-limits.ts";
import { connectionLimits } from "./server/connection-limits.ts";
import { httpServerOptions, limitConnections } from "./access/connections.ts";
import type { ApiContext } from "./routes/context.ts";
import type { Api } from "./server/api.ts";
import { addEntityTags } from "./encoding/etag.ts";
import { addRequestHooks } from "./request-hooks.ts";
import { addErrorHandlers, answerClientError, errorSender } from "./server/error-handlers.ts";
import { FoldingBudget } from "./submissions/made-findings.ts";
import type { SourcesFile } from "../sources/config/sources-file.ts";
import { watchedSources } from "./watched-sources.ts";
import { sourceRoutes } from "./routes/sources/sources.ts";
import { OverdueWatch } from "./observability/overdue-maintenance.ts";
import { watchDecisions } from "./observability/decision-metrics.ts";
import type { SweptRollout } from "../decisions/sweeps/sweep.ts";
import { makeMetrics } from "./observability/metrics.ts";
import { AnswerRoom } from "./bodies/ndjson-answer.ts";
import { loggedReaders } from "./server/stream-readers.ts";
import { addOpenApi } from "./server/openapi.ts";
import { addSafetyHeaders } from "./server/safety-headers.ts";
import { addPressureLimits } from "./server/pressure.ts";
import { auditRoutes } from "./routes/audit.ts";
import { addLogin } from "./routes/login.ts";
import { Sessions } from "./access/sessions.ts";
import { accessRoutes } from "./routes/access.ts";
import { clockRoutes } from "./routes/clock.ts";
import { clusterRoutes } from "./routes/clusters.ts";
import { correctionRoutes } from "./routes/events/corrections.ts";
import { diffRoutes } from "./routes/reports/diff.ts";
import { impactRoutes } from "./routes/impact.ts";
import { historyRoutes } from "./routes/charts/history.ts";
import { findRoutes } from "./routes/find.ts";
import { jobStripRoutes } from "./routes/charts/job-strip.ts";
import { nodeStateRoutes } from "./routes/charts/node-states.ts";
import { seriesRoutes } from "./routes/reports/series.ts";
import { listRoutes } from "./routes/lists/lists.ts";
import { entityRoutes } from "./routes/entities.ts";
import { dataQualityRoutes } from "./routes/reports/data-quality.ts";
import { figureRoutes } from "./routes/reports/figures.ts";
import { noLog } from "./observability/log-state.ts";
import type { ServedLog } from "./observability/log-state.ts";
import { healthRoutes } from "./routes/health.ts";
import { nfzCostRoutes } from "./routes/nfz-cost.ts";
import { nfzRoutes } from "./routes/nfz.ts";
import { decisionRoutes } from "./routes/decisions/decisions.ts";
import { pageRoutes } from "./routes/pages/page-routes.ts";
import { problemRoutes } from "./routes/problems.ts";
import { readEventRoutes } from "./routes/events/read-events.ts";
import { issueRoutes } from "./routes/reports/issue.ts";
import { reportRoutes } from "./routes/reports/reports.ts";
import { coTestRoutes } from "./routes/decisions/co-tests.ts";
import { releasePlanRoutes } from "./routes/release-plan.ts";
import { rolloutRoutes } from "./routes/rollouts.ts";
import { slaRoutes } from "./routes/reports/sla.ts";
import { streamRoutes } from "./routes/events/stream.ts";
import { submitRoutes } from "./routes/events/submit-events.ts";
import { addWebhookMetrics } from "../sinks/metrics/webhook-metrics.ts";
import type { Sinks } from "../sinks/serving.ts";
import { addClusterGauges } from "../sinks/metrics/cluster-gauges.ts";
import { webhookRoutes } from "./routes/webhooks.ts";

export interface AppOptions {
  readonly ledger: Ledger;
  readonly logger: FastifyBaseLogger;
  /** A key beside those of the ledger, an admin's; with it, or with one of those, every request needs a key. */
  readonly apiKey?: string | undefined;
  /** The address that is listened on: loopback unless told otherwise, since the ledger has no TLS of its own. */
  readonly host?: string;
  /** Further names by which it is reached, with or without a port. */
  readonly allowedHosts?: readonly string[];
  /** A key of this process alone, for a companion that states what many say. */
  readonly insideKey?: string | undefined;
  /** Where browsers reach it: `https:` if a proxy speaks TLS for it, which logging in needs off the machine. */
  readonly publicUrl?: string | undefined;
  /** Requests that a key may send, where they differ from the defaults. */
  readonly rates?: Partial<RateLimits> | undefined;
  /** Signs the cookies of sessions. Default: a new one, and sessions end with the application. */
  readonly sessionSecret?: Uint8Array | undefined;
  readonly clock?: Clock;
  /** What commands are decided with. Default: made for the application alone. */
  readonly deciding?: Deciding | undefined;
  /** With a key, if there is one; closed with the application. */
  readonly audit?: Audit | undefined;
  /** Starts what sweeps meanwhile; it is stopped with the application. Default: nothing sweeps. */
  readonly startTimers?:
    | ((
        decides: Deciding,
        onSwept: (swept: SweptRollout) => void,
      ) => Promise<{ stop(): Promise<void> }>)
    | undefined;
  /** The sources that may send payloads. Default: none. */
  readonly sources?: SourcesFile | undefined;
  /** Namespaces of Kubernetes whose pods are admitted without a look. Default: `kube-system`. */
  readonly exemptNamespaces?: readonly string[] | undefined;
  /** What the ledger tells others; started after the timers, and stopped with the application. */
  readonly sinks?: Sinks | undefined;
  /** Event-loop delay beyond which requests are refused. Default: never. */
  readonly maxEventLoopDelayMs?: number;
  /** Limits for clients that differ from the defaults. */
  readonly connections?: Partial<ConnectionLimits>;
  /** How long a read waits for its `minSequence`, milliseconds. */
  readonly readWaitMs?: number;
  /** The sink of the log, if it can fail. */
  readonly log?: ServedLog | undefined;
  /** Further route groups; they see the whole ledger, whoever asks. */
  readonly extraRoutes?: readonly ((app: Api, context: ApiContext) => void)[];
}

export const defaultHost = "127.0.0.1";

const defaultExemptNamespaces: readonly string[] = ["kube-system"];

const routeGroups = [
  submitRoutes,
  sourceRoutes,
  readEventRoutes,
  correctionRoutes,
  clusterRoutes,
  figureRoutes,
  dataQualityRoutes,
  slaRoutes,
  issueRoutes,
  reportRoutes,
  diffRoutes,
  auditRoutes,
  listRoutes,
  seriesRoutes,
  nodeStateRoutes,
  historyRoutes,
  jobStripRoutes,
  findRoutes,
  entityRoutes,
  decisionRoutes,
  rolloutRoutes,
  impactRoutes,
  coTestRoutes,
  releasePlanRoutes,
  nfzRoutes,
  nfzCostRoutes,
  streamRoutes,
  clockRoutes,
  accessRoutes,
  webhookRoutes,
  healthRoutes,
  problemRoutes,
  pageRoutes,
];

const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };

/** Builds the application over a ledger; the caller listens or injects, and closes both. */
export async function buildApp(options: AppOptions): Promise<Api> {
  const { ledger, logger, clock = systemClock, log = noLog } = options;
  const audit = options.audit ?? new Audit({ ledger, clock });
  const app = newApp(logger);
  app.decorate("readWaitMs", options.readWaitMs ?? maxReadWaitMs);
  const stopping = new AbortController();
  app.addHook("preClose", async () => stopping.abort());
  const connections = { ...connectionLimits, ...options.connections };
  const metrics = makeMetrics(ledger, audit, log);
  if (options.sinks !== undefined) addWebhookMetrics(metrics.registry, options.sinks.webhooks);
  addClusterGauges(metrics.registry, {
    ledger,
    onFailure: (error) => logger.warn({ err: error }, "the gauges of a cluster have no figures"),
  });
  const overdue = new OverdueWatch({ ledger, registry: metrics.registry, log: logger });
  app.addHook("onClose", async () => overdue.stop());
  const decides = options.deciding ?? deciding(ledger);
  const onSwept = watchDecisions(metrics.registry, decides, logger);
  // Nothing is asked before the first sweep: what was missed while nobody served is made up for.
  const timers = await options.startTimers?.(decides, onSwept);
  app.addHook("onClose", () => timers?.stop());
  const sources = await watchedSources(app, options, metrics.registry);
  const { sinks } = options;
  app.addHook("onClose", () => sinks?.stop());
  const context: ApiContext = {
    ledger,
    part: null,
    deciding: decides,
    clock,
    metrics,
    audit,
    webhooks: sinks?.webhooks ?? null,
    stopping: stopping.signal,
    connections,
    bodies: new BodyIntake(connections, stopping.signal),
    answers: new AnswerRoom(connections.answerBytesTogether),
    readers: loggedReaders(connections, logger),
    folding: new FoldingBudget(),
    log,
    sources,
    exemptNamespaces: new Set(options.exemptNamespaces ?? defaultExemptNamespaces),
  };
  app.addHook("onClose", () => audit.close());
  limitConnections(app, context);
  await addSafetyHeaders(app);
  addRequestHooks(app, context);
  const { host = defaultHost, allowedHosts = [] } = options;
  guardHosts(app, { listening: host, allowed: allowedHosts });
  const keys = await keysOf(app, options, clock);
  identify(app, keys);
  await limitRates(app, options.rates);
  guardRoutes(app, keys);
  addPressureLimits(app, options.maxEventLoopDelayMs ?? 0);
  addEncodings(app);
  const handlers = new ScopedHandlers(app, keys.ring);
  await app.register(fastifySSE, { heartbeatInterval: heartbeatMs });
  await addOpenApi(app, version);
  await addLogin(app, { sessions: keys.sessions, accessWith: accessWith(keys) });
  for (const addRoutes of options.extraRoutes ?? []) addRoutes(app, context);
  handlers.add({ all: routeGroups, reading: [pageRoutes] }, context);
  await app.ready();
  // Its first look folds whole months: requests need not wait for that.
  sinks?.start();
  return app;
}

function addEncodings(app: Api): void {
  inflateBodies(app);
  chooseEncoding(app);
  addEntityTags(app);
  compressAnswers(app);
}

/** The keys and sessions by which the application lets requests in. */
async function keysOf(app: Api, options: AppOptions, clock: Clock) {
  const { ledger, apiKey, insideKey, publicUrl } = options;
  const ring = await KeyRing.open(ledger);
  app.addHook("onClose", async () => ring.close());
  const secret = options.sessionSecret ?? randomBytes(32);
  const sessions = new Sessions({ secret, publicUrl, apiKey, nowMs: () => clock.nowMs() });
  return { ring, apiKey, insideKey, sessions };
}

function newApp(logger: FastifyBaseLogger): Api {
  const sendError = errorSender();
  const app = fastify({
    loggerInstance: logger,
    http: httpServerOptions,
    genReqId: ({ headers }) => {
      const given = headers["x-request-id"];
      // Only an id that is safe to write to a log and to send back is used.
      return typeof given === "string" && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
    },
    requestIdHeader: false,
    // Requests are logged once, when they are answered.
    logController: new LogController({ disableRequestLogging: true }),
    // The length of a path is limited anyway; names may have 256 characters, each encoded as `%XX`.
    routerOptions: { maxParamLength: 1_024 },
    frameworkErrors: (error, request, reply) => {
      void sendError(error, request, reply);
    },
    clientErrorHandler: (error, socket) => answerClientError(error, socket),
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  // Tests check answers against the schemas; it is not done again for every answer.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.removeAllContentTypeParsers();
  addErrorHandlers(app, sendError);
  return app;
}
