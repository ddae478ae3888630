/** Single figures for any window, each computed by itself: `/v1/nis`, `/v1/mttr`, `/v1/job-uptime`. */
import { z } from "zod";
import { isPart } from "../../../../projections/document/entry/scope.ts";
import type { Scope } from "../../../../projections/document/entry/scope.ts";
import { nisMemberNames, nisMembers } from "../../../../projections/document/nis-members.ts";
import { membersOf } from "../../../../projections/document/sla-document.ts";
import { fleetNis, summed } from "../../../../projections/figures/fleet-nis.ts";
import { recoveryIn } from "../../../../projections/figures/repair/recovery.ts";
import type { ClusterView } from "../../../../projections/view.ts";
import { label } from "../../../events/fields/fields.ts";
import type { ApiContext } from "../context.ts";
import type { Api } from "../../server/api.ts";
import { figureInputs } from "../../../reports/figures.ts";
import type { NamedWindow } from "../../../reports/kept-of-window.ts";
import { figuresJson, figuresOfClusters } from "../../../answers/figures-of-clusters.ts";
import { sendText } from "../../query/representation.ts";
import { positionOf } from "../../query/position.ts";
import {
  checkPosition,
  checkWindow,
  cluster,
  nameList,
  positionQuery,
  windowQuery,
} from "../../query/query.ts";
import { answers, position } from "../../../answers/schemas.ts";
import { fleetSection, recoverySection, scopeSection, sections } from "../../schemas/sla.ts";

const clusterQuery = {
  cluster: cluster.optional().describe("Default: all clusters."),
  ...windowQuery,
  ...positionQuery,
};
const query = z.strictObject(clusterQuery).superRefine(checkWindow).superRefine(checkPosition);

const scopeParameters = {
  ...clusterQuery,
  rack: label.optional().describe("Only nodes while they were members of this rack."),
  sku: label.optional().describe("Only nodes while they were members of this SKU."),
};
const scopeQuery = z
  .strictObject(scopeParameters)
  .superRefine(checkWindow)
  .superRefine(checkPosition);

const nisQuery = z
  .strictObject({
    ...scopeParameters,
    fields: nameList(
      nisMemberNames,
      nisMemberNames.length,
      `A comma-separated list of the members of \`nis\` to answer with: ${nisMemberNames.join(", ")}. Default: all of them, with every exclusion.`,
    ).optional(),
  })
  .superRefine(checkWindow)
  .superRefine(checkPosition);

const nisPart =
  sections.nis instanceof z.ZodObject
    ? sections.nis.partial().meta({ id: "NisPart" })
    : sections.nis;

const head = { cluster: sections.cluster, period: sections.period, policy: sections.policy };
const scoped = { ...head, scope: scopeSection };
const asInDocument =
  "The figure of each cluster; without a scope it is the same as in the SLA document of that window.";

export function figureRoutes(app: Api, context: ApiContext): void {
  nisRoute(app, context);
  mttrRoute(app, context);
  jobUptimeRoute(app, context);
}

/** The inputs of a figure of a cluster or of part of it, with the members that every answer has. */
function scopedInputs(view: ClusterView, window: NamedWindow, scope: Scope) {
  const inputs = figureInputs(view, window, scope);
  const own = membersOf(inputs, ["cluster", "period", "policy"]);
  return { inputs, own: { ...own, ...(isPart(scope) ? { scope } : {}) } };
}

function scopeOf({ rack, sku }: Scope): Scope {
  return { ...(rack === undefined ? {} : { rack }), ...(sku === undefined ? {} : { sku }) };
}

const listMembers: ReadonlySet<string> = new Set([
  "exclusions",
  "announcedLate",
  "burnRates",
  "note",
]);

function nisRoute(app: Api, { ledger }: ApiContext): void {
  const body = z.strictObject({
    asOf: position,
    clusters: z.array(
      z.strictObject({
        ...scoped,
        nis: z
          .union([sections.nis, nisPart])
          .describe("The whole section, or the members that `fields` names."),
      }),
    ),
    fleet: fleetSection,
  });
  const schema = {
    operationId: "getNis",
    summary: "Nodes in service, raw and contractual, of clusters, racks, SKUs and the fleet",
    tags: ["figures"],
    querystring: nisQuery,
    response: answers(asInDocument, body),
  };
  app.get("/v1/nis", { schema }, async (request, reply) => {
    const sequence = await positionOf(ledger, request.query, reply);
    const { query: asked } = request;
    const scope = scopeOf(asked);
    const names = asked.fields ?? nisMemberNames;
    const found = await figuresOfClusters(ledger, sequence, asked, {
      name: JSON.stringify(["nis", scope, names]),
      make: function* (view, window) {
        const { inputs, own } = scopedInputs(view, window, scope);
        yield* inputs.prepare();
        // The lists cost most of the time.
        const sums = names.some((name) => listMembers.has(name)) ? inputs.nis() : inputs.nisSums();
        const figure = { ...own, nis: nisMembers(inputs, names) };
        return { figure, beside: { period: own.period, sums: summed(sums) } };
      },
    });
    const texts = found.map(({ text }) => text);
    if (asked.cluster !== undefined) return sendText(reply, figuresJson(sequence, texts));
    const windows = new Set(found.map(({ beside: { period } }) => `${period.from}/${period.to}`));
    const note =
      windows.size > 1
        ? {
            note: "The clusters have different periods because their zones differ. Give from and to, or a zone.",
          }
        : {};
    const fleet = { ...fleetNis(found.map(({ beside }) => beside.sums)), ...note };
    return sendText(reply, figuresJson(sequence, texts, { fleet }));
  });
}

function mttrRoute(app: Api, { ledger }: ApiContext): void {
  const body = z.strictObject({
    asOf: position,
    clusters: z.array(z.strictObject({ ...scoped, mttr: sections.mttr })),
  });
  const schema = {
    operationId: "getMttr",
    summary: "Mean time to repair, with what is open, of clusters, racks and SKUs",
    tags: ["figures"],
    querystring: scopeQuery,
    response: answers(asInDocument, body),
  };
  app.get("/v1/mttr", { schema }, async (request, reply) => {
    const sequence = await positionOf(ledger, request.query, reply);
    const { query: asked } = request;
    const scope = scopeOf(asked);
    const found = await figuresOfClusters(ledger, sequence, asked, {
      name: JSON.stringify(["mttr", scope]),
      make: function* (view, window) {
        yield;
        const { inputs, own } = scopedInputs(view, window, scope);
        return { figure: { ...own, ...membersOf(inputs, ["mttr"]) }, beside: null };
      },
    });
    const texts = found.map(({ text }) => text);
    return sendText(reply, figuresJson(sequence, texts));
  });
}

function jobUptimeRoute(app: Api, { ledger }: ApiContext): void {
  const figure = z.strictObject({
    ...head,
    jobUptime: sections.jobUptime,
    recovery: recoverySection,
  });
  const schema = {
    operationId: "getJobUptime",
    summary: "Job uptime, ETTR, and recovery time against the size of jobs",
    tags: ["figures"],
    querystring: query,
    response: answers(
      "The figure of each cluster; `jobUptime` is the same as in the SLA document of that window.",
      z.strictObject({ asOf: position, clusters: z.array(figure) }),
    ),
  };
  app.get("/v1/job-uptime", { schema }, async (request, reply) => {
    const sequence = await positionOf(ledger, request.query, reply);
    const found = await figuresOfClusters(ledger, sequence, request.query, {
      name: "job uptime",
      make: function* (view, window) {
        yield;
        const inputs = figureInputs(view, window);
        const members = membersOf(inputs, ["cluster", "period", "policy", "jobUptime"]);
        yield;
        const recovery = recoveryIn(inputs.view.entities("job"), inputs.window);
        return { figure: { ...members, recovery }, beside: null };
      },
    });
    const texts = found.map(({ text }) => text);
    return sendText(reply, figuresJson(sequence, texts));
  });
}
