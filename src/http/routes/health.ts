/** Routes for monitoring: `/livez`, `/readyz`, `/metrics`. They answer under overload too. */
import { z } from "zod";
import type { Audit } from "../../seals/audit.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { aheadMs, clockWarning, simulationNote } from "../../ledger/clock-state.ts";
import type { ClockState } from "../../ledger/clock-state.ts";
import type { ApiContext } from "./context.ts";
import type { Api } from "../server/api.ts";
import { seesCluster } from "../../access/access.ts";
import { LedgerError } from "../../errors.ts";
import { metricsOfClusters } from "../../sinks/metrics/metrics-of-clusters.ts";
import {
  documented,
  answers,
  nullableInstant,
  problemAnswers,
  problemMembers,
} from "../../answers/schemas.ts";
import { sendProblem } from "../server/error-handlers.ts";
import { logReadiness } from "../observability/log-state.ts";
import { storeReadiness } from "../../answers/store-status.ts";

/** Answered even when other requests are refused. */
const always = { alwaysAnswered: true };

const told = {
  state: z.enum(["ready", "catching-up", "rebuilding", "failed"]),
  sequence: z.int(),
  headSequence: z.int(),
  lagEvents: z.int(),
  lagSeconds: z.number(),
  progress: z.number().describe("From 0 to 1 while catching up or rebuilding."),
  definitionHash: z.string().describe("Changes when the definitions of the figures change."),
  seals: z
    .strictObject({
      sealedSize: z.int(),
      sealedAt: nullableInstant,
      witness: z.string().nullable(),
      isBehind: z.boolean().describe("The witness does not have the last checkpoint yet."),
      failures: z.int(),
      lastError: z.string().nullable(),
    })
    .nullable()
    .describe("null if the ledger is served without a key."),
  clock: z
    .strictObject({
      now: z.string().describe("The server's clock."),
      ledgerTime: nullableInstant.describe("The largest recorded time."),
      aheadMs: z
        .int()
        .describe("How far ledger time is ahead of the clock, if more than five minutes."),
      jumpedFrom: nullableInstant.describe(
        "What the clock should read, while it has jumped ahead. Until that is resolved, nothing is recorded.",
      ),
      speed: z
        .number()
        .nullable()
        .describe(
          "Of a simulated fleet: how many seconds its clock counts in one; 0 while it stands. null for a real clock.",
        ),
      simulation: z.string().nullable().describe("The same in words, for people."),
      warning: z.string().nullable(),
    })
    .describe("How ledger time relates to the server's clock."),
  store: storeReadiness,
  troubles: z
    .array(
      z.strictObject({
        what: z.enum(["file", "appends", "checkpoints", "events"]),
        message: z.string(),
      }),
    )
    .describe(
      "Problems of the ledger's files, and events that sealing found to differ from what was stored. With any of these the ledger is not ready.",
    ),
  derivedError: z
    .string()
    .nullable()
    .describe("Why the file of derived data is not being updated; figures are right all the same."),
  log: logReadiness,
};

const stateOnly = { state: told.state };
const readyState = z
  .strictObject({ status: z.literal("ready"), ...stateOnly })
  .describe("Without a key, where one is needed.")
  .meta({ id: "ReadyState" });
const ready = z.strictObject({ status: z.literal("ready"), ...told }).meta({ id: "Readiness" });
const notReady = z
  .strictObject({ ...problemMembers, ...told })
  .describe("RFC 9457 problem document, with the ledger's status.")
  .meta({ id: "NotReady" });

const notReadyState = z
  .strictObject({ ...problemMembers, ...stateOnly })
  .describe("RFC 9457 problem document; without a key, where one is needed.")
  .meta({ id: "NotReadyState" });

export function healthRoutes(
  app: Api,
  { ledger, metrics, audit, stopping, log }: ApiContext,
): void {
  app.get(
    "/livez",
    {
      // An orchestrator that checks whether the process is alive need not have a key.
      config: always,
      schema: {
        operationId: "getLiveness",
        summary: "Whether the process is running (no key needed)",
        security: [],
        tags: ["operation"],
        response: answers("It is running.", z.strictObject({ status: z.literal("ok") })),
      },
    },
    () => ({ status: "ok" as const }),
  );

  app.get(
    "/readyz",
    {
      config: always,
      schema: {
        operationId: "getReadiness",
        summary: "Whether reads are answered, and how far the views have come",
        tags: ["operation"],
        response: documented({
          200: {
            description: "Ready.",
            content: { "application/json": { schema: z.union([ready, readyState]) } },
          },
          503: {
            description: "Not ready, and why, with the same members.",
            content: { "application/problem+json": { schema: z.union([notReady, notReadyState]) } },
          },
          ...problemAnswers,
        }),
      },
    },
    async (request, reply) => {
      const { error, ...status } = ledger.status();
      const state = await ledger.clockState();
      const clock = clockJson(state);
      // A rebuild runs beside the views that serve, so reads go on.
      const projects = status.state === "ready" || status.state === "rebuilding";
      const store = ledger.store.status?.() ?? null;
      const troubles = [...(ledger.store.troubles?.() ?? []), ...corruptions(audit)];
      const takes = troubles.length === 0 && state.jump === null;
      const isReady = projects && store?.mirrorState !== "stopped" && takes;
      const seals = sealsJson(audit);
      if (request.access === null) {
        const { state: only } = status;
        if (isReady && !stopping.aborted) return { status: "ready" as const, state: only };
        const untold = new LedgerError("not-ready", "The ledger is not ready; a key shows why.");
        return sendProblem(untold, request, reply, { state: only });
      }
      const said = { ...status, seals, clock, store, troubles, log: log.state() };
      if (isReady && !stopping.aborted) return { status: "ready" as const, ...said };
      const why = stopping.aborted
        ? "stopping"
        : (error ?? store?.error ?? troubles[0]?.message ?? clock.warning ?? status.state);
      const detail = `The ledger is not ready: ${why.replace(/\.$/, "")}.`;
      return sendProblem(new LedgerError("not-ready", detail), request, reply, said);
    },
  );

  metricsRoute(app, metrics);
}

function metricsRoute(app: Api, metrics: ApiContext["metrics"]): void {
  app.get(
    "/metrics",
    {
      config: always,
      schema: {
        operationId: "getMetrics",
        summary: "Metrics for Prometheus",
        tags: ["operation"],
        response: documented({
          200: {
            description: "Text exposition format.",
            content: { "text/plain": { schema: z.string() } },
          },
          ...problemAnswers,
        }),
      },
    },
    async ({ access }, reply) => {
      reply.type(metrics.registry.contentType);
      const all = await metrics.registry.metrics();
      if (access === null || access.clusters === null) return all;
      return metricsOfClusters(all, (cluster) => seesCluster(access, cluster));
    },
  );
}

function clockJson(state: ClockState) {
  const { nowMs, ledgerTimeMs, jump } = state;
  return {
    now: formatInstant(Math.floor(nowMs)),
    ledgerTime: ledgerTimeMs === null ? null : formatInstant(ledgerTimeMs),
    aheadMs: aheadMs(state),
    jumpedFrom: jump === null ? null : formatInstant(Math.floor(jump.expectedMs)),
    speed: state.speed,
    simulation: simulationNote(state),
    warning: clockWarning(state),
  };
}

/** Only these make the ledger not ready; any other failed seal, or an unavailable witness, is only reported. */
function corruptions(audit: Audit) {
  const message = audit.sealing()?.corruption ?? null;
  return message === null ? [] : [{ what: "events" as const, message }];
}

function sealsJson(audit: Audit) {
  const status = audit.sealing();
  if (status === null) return null;
  const { sealedAtMs, corruption: _told, ...rest } = status;
  return { ...rest, sealedAt: sealedAtMs === null ? null : formatInstant(sealedAtMs) };
}
