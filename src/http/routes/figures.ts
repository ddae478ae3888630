/** One figure of the SLA document each, for any window: `/v1/nis`, `/v1/mttr`, `/v1/job-uptime`. */
import { z } from "zod";
import type { ClusterView } from "../../../projections/view.ts";
import { fleetNis } from "../../../projections/figures/fleet-nis.ts";
import type { Window } from "../../../projections/time/period.ts";
import { recoveryIn } from "../../../projections/figures/recovery.ts";
import { isPart, mttrOfScope, nisOfScope } from "../../../projections/document/scope.ts";
import type { Scope } from "../../../projections/document/scope.ts";
import type { SlaDocument } from "../../../projections/document/sla-document.ts";
import { mttrSection as mttrSectionOf } from "../../../projections/document/sections.ts";
import { label } from "../../events/fields/fields.ts";
import { zonesInForce } from "../../zones/zones.ts";
import type { ApiContext } from "./context.ts";
import type { Api } from "../server/api.ts";
import { slaDocumentOf } from "../../reports/figures.ts";
import { clusterViews } from "../../answers/known-cluster.ts";
import { asOf, positionOf } from "../query/position.ts";
import { checkPosition, checkWindow, cluster, positionQuery, windowQuery } from "../query/query.ts";
import { answers, position } from "../../answers/schemas.ts";
import { fleetSection, recoverySection, scopeSection } from "../schemas/figures.ts";
import { jobUptimeSection, mttrSection, nisSection, period, policy } from "../schemas/sla.ts";

const clusterQuery = {
  cluster: cluster.optional().describe("Left out: every cluster."),
  ...windowQuery,
  ...positionQuery,
};
const query = z.strictObject(clusterQuery).superRefine(checkWindow).superRefine(checkPosition);

const scopeQuery = z
  .strictObject({
    ...clusterQuery,
    rack: label.optional().describe("Only nodes while they were members in this rack."),
    sku: label.optional().describe("Only nodes while they were members of this SKU."),
  })
  .superRefine(checkWindow)
  .superRefine(checkPosition);

const perCluster = { cluster: z.string(), period, policy };
const scoped = { ...perCluster, scope: scopeSection.optional() };
const asInDocument =
  "The figure of each cluster; without a scope it is as in the SLA document of the same window.";

export function figureRoutes(app: Api, context: ApiContext): void {
  nisRoute(app, context);
  mttrRoute(app, context);
  jobUptimeRoute(app, context);
}

interface FigureOf {
  readonly view: ClusterView;
  readonly document: SlaDocument;
}

/** What every answer says of a cluster beside the figure. */
function headOf({ cluster: name, period: over, policy: terms }: SlaDocument, scope: Scope = {}) {
  const head = { cluster: name, period: over, policy: terms };
  return isPart(scope) ? { ...head, scope } : head;
}

function windowOf({ period: { from, to } }: SlaDocument): Window {
  return { from: Date.parse(from), to: Date.parse(to) };
}

function scopeOf({ rack, sku }: Scope): Scope {
  return { ...(rack === undefined ? {} : { rack }), ...(sku === undefined ? {} : { sku }) };
}

function nisRoute(app: Api, { ledger }: ApiContext): void {
  const figure = z.object({ ...scoped, nis: nisSection });
  const body = z.object({
    asOf: position,
    clusters: z.array(figure),
    fleet: fleetSection.optional(),
  });
  const schema = {
    summary: "Nodes in service, raw and contractual, of clusters, racks, SKUs and the fleet",
    tags: ["figures"],
    querystring: scopeQuery,
    response: answers(asInDocument, body),
  };
  app.get("/v1/nis", { schema }, async (request, reply) => {
    const sequence = await positionOf(ledger, request.query, reply);
    const scope = scopeOf(request.query);
    const clusters = clusterViews(ledger, request.query.cluster, sequence).map((view) => {
      const document = slaDocumentOf(view, request.query);
      const nis = isPart(scope) ? partOfNis({ view, document }, scope) : document.nis;
      return { ...headOf(document, scope), nis };
    });
    const answer = { asOf: asOf(sequence), clusters };
    if (request.query.cluster !== undefined) return answer;
    const windows = new Set(clusters.map(({ period: { from, to } }) => `${from}/${to}`));
    const note =
      windows.size > 1
        ? { note: "The clusters' periods differ; with from and to, or a zone, they are the same." }
        : {};
    return { ...answer, fleet: { ...fleetNis(clusters.map(({ nis }) => nis)), ...note } };
  });
}

function partOfNis({ view, document }: FigureOf, scope: Scope): SlaDocument["nis"] {
  return nisOfScope(view, windowOf(document), scope, {
    policy: document.policy,
    zone: document.period.zone,
    zones: zonesInForce(view.zoneTable),
  });
}

function mttrRoute(app: Api, { ledger }: ApiContext): void {
  const figure = z.object({ ...scoped, mttr: mttrSection });
  const schema = {
    summary: "Mean time to repair, with what is open, of clusters, racks and SKUs",
    tags: ["figures"],
    querystring: scopeQuery,
    response: answers(asInDocument, z.object({ asOf: position, clusters: z.array(figure) })),
  };
  app.get("/v1/mttr", { schema }, async (request, reply) => {
    const sequence = await positionOf(ledger, request.query, reply);
    const scope = scopeOf(request.query);
    const clusters = clusterViews(ledger, request.query.cluster, sequence).map((view) => {
      const document = slaDocumentOf(view, request.query);
      const mttr = isPart(scope) ? partOfMttr({ view, document }, scope) : document.mttr;
      return { ...headOf(document, scope), mttr };
    });
    return { asOf: asOf(sequence), clusters };
  });
}

function partOfMttr({ view, document }: FigureOf, scope: Scope): SlaDocument["mttr"] {
  return mttrSectionOf(mttrOfScope(view, windowOf(document), scope, document.policy.mttrTargetMs));
}

function jobUptimeRoute(app: Api, { ledger }: ApiContext): void {
  const figure = z.object({
    ...perCluster,
    jobUptime: jobUptimeSection,
    recovery: recoverySection,
  });
  const schema = {
    summary: "Job uptime, ETTR, and recovery time against the size of jobs",
    tags: ["figures"],
    querystring: query,
    response: answers(
      "The figure of each cluster; `jobUptime` is as in the SLA document of the same window.",
      z.object({ asOf: position, clusters: z.array(figure) }),
    ),
  };
  app.get("/v1/job-uptime", { schema }, async (request, reply) => {
    const sequence = await positionOf(ledger, request.query, reply);
    const clusters = clusterViews(ledger, request.query.cluster, sequence).map((view) => {
      const document = slaDocumentOf(view, request.query);
      const window = windowOf(document);
      const recovery = recoveryIn(view.within(window).entities("job"), window);
      return { ...headOf(document), jobUptime: document.jobUptime, recovery };
    });
    return { asOf: asOf(sequence), clusters };
  });
}
