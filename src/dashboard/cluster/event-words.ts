/** Events as sentences: what an operator would say happened. */
import type { DataOf, EventType } from "../../events/catalogue.ts";
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";
import { parseInstant } from "../../../projections/time/instant.ts";
import type { PageContext } from "../frame/page.ts";
import { durationText, minuteText, timeHtml } from "../frame/times.ts";

type Words = { readonly [T in EventType]: (data: DataOf<T>, reason: Html | undefined) => Html };

const b = (name: string | undefined) => html`<b>${name ?? "?"}</b>`;
const listed = (names: readonly string[] | undefined) => (names ?? []).join(", ");
const updatesText = (updates: readonly { component: string; version: string }[]) =>
  updates.map(({ component, version }) => `${component} ${version}`).join(" + ");
const byCause = ({ cause }: DataOf<"JobInterrupted">) =>
  cause.kind === "fault" && cause.node !== undefined ? `fault on ${cause.node}` : cause.kind;

const noticeWords: Readonly<Record<DataOf<"NoticeRaised">["notice"], string>> = {
  "nfz.began": "no-fly zone began",
  "nfz.ended": "no-fly zone ended",
  "report.failed": "report not issued",
  "fault.overdue": "fault overdue",
  "release.overdue": "release overdue",
  "sla.at_risk": "target at risk",
  "sla.missed": "target missed",
  "source.silent": "source silent",
  "seal.behind": "seal behind",
};

const words: Words = {
  ClusterRegistered: ({ cluster }) => html`cluster ${b(cluster)} was registered`,
  SlaPolicySet: ({ cluster }) => html`the terms of ${b(cluster)} were set`,
  RolloutPolicySet: ({ cluster }) => html`the rollout policy of ${b(cluster)} was set`,
  NodeCommissioned: ({ node }) => html`${b(node)} joined`,
  NodeDecommissioned: ({ node }) => html`${b(node)} left`,
  NodeFailed: ({ node, category, component }) =>
    html`${b(node)} failed: ${category}${component !== undefined && `, ${component}`}`,
  NodeRepairStarted: ({ node, phase }) => html`${b(node)} ${phase} began`,
  NodeReturned: ({ node, how }) => html`${b(node)} returned${how !== undefined && `, ${how}`}`,
  NodeMaintenanceAnnounced: ({ node }) => html`${b(node)} maintenance was announced`,
  NodeMaintenanceStarted: ({ node, rolloutId }) =>
    html`${b(node)} maintenance began${rolloutId !== undefined && ` for ${rolloutId}`}`,
  NodeMaintenanceEnded: ({ node }) => html`${b(node)} maintenance ended`,
  NodeMaintenanceRefused: ({ node, nfzIds }) =>
    html`${b(node)} maintenance was refused by ${listed(nfzIds)}`,
  NodeObservationLost: ({ node }) => html`${b(node)} is no longer observed`,
  NodeObservationRestored: ({ node }) => html`${b(node)} is observed again`,
  NodeScaleAllowed: ({ node }) => html`scaling onto ${b(node)} was allowed`,
  NodeScaleDenied: ({ node, reasons }) =>
    html`scaling onto ${b(node)} was denied${reasons !== undefined && `: ${listed(reasons)}`}`,
  JobStarted: ({ job }) => html`${b(job)} started`,
  JobCheckpointed: ({ job, checkpointId, durationMs }) =>
    html`${b(job)} checkpoint ${checkpointId}
    complete${durationMs !== undefined && ` in ${durationText(durationMs)}`}`,
  JobInterrupted: (data) => html`${b(data.job)} interrupted: ${byCause(data)}`,
  JobResumed: ({ job }) => html`${b(job)} runs again`,
  JobPaused: ({ job }) => html`${b(job)} was paused by its owner`,
  JobUnpaused: ({ job }) => html`${b(job)} goes on`,
  JobNodesChanged: ({ job }) => html`${b(job)} holds other nodes`,
  JobFinished: ({ job, outcome }) =>
    html`${b(job)} ${outcome === "failed" ? "failed" : `was ${outcome}`}`,
  NfzDeclared: ({ nfz }) => html`no-fly zone ${b(nfz)} was declared`,
  NfzResolved: ({ nfz }) => html`further occurrences of ${b(nfz)} were listed`,
  NfzExtended: ({ nfz }) => html`no-fly zone ${b(nfz)} was extended`,
  NfzShortened: ({ nfz }) => html`no-fly zone ${b(nfz)} was shortened`,
  NfzLifted: ({ nfz }) => html`no-fly zone ${b(nfz)} was lifted`,
  NfzCancelled: ({ nfz }) => html`no-fly zone ${b(nfz)} was cancelled`,
  RolloutSubmitted: ({ rollout, updates, urgency }) =>
    html`${b(rollout)} was submitted:
    ${updatesText(updates)}${urgency !== undefined && `, ${urgency}`}`,
  RolloutBlocked: ({ rollout, nfzIds }) => html`${b(rollout)} was refused by ${listed(nfzIds)}`,
  RolloutUnblocked: ({ rollout }) => html`${b(rollout)} was released`,
  RolloutRefused: ({ rollout, code }) =>
    html`${b(rollout)} was refused:
    ${code === "needs-co-test" ? "it needs a co-test" : "a role is needed"}`,
  RolloutOverrideGranted: ({ rollout, role }) =>
    html`an override for ${b(rollout)} was granted by ${role}`,
  RolloutOverrideRevoked: ({ rollout }) => html`an override for ${b(rollout)} was revoked`,
  RolloutStarted: ({ rollout }) => html`${b(rollout)} started`,
  RolloutProgressed: ({ rollout, nodesDone, nodesTotal }) =>
    html`${b(rollout)} has done ${nodesDone} of ${nodesTotal} nodes`,
  RolloutPaused: ({ rollout, nfzIds }) =>
    html`${b(rollout)} was paused${nfzIds !== undefined && ` by ${listed(nfzIds)}`}`,
  RolloutResumed: ({ rollout }) => html`${b(rollout)} goes on`,
  RolloutVerificationStarted: ({ rollout }) => html`${b(rollout)} is being verified`,
  RolloutRollbackOrdered: ({ rollout }) => html`${b(rollout)} must be rolled back`,
  RolloutCompleted: ({ rollout }) => html`${b(rollout)} is complete`,
  RolloutFailed: ({ rollout }) => html`${b(rollout)} failed`,
  RolloutRolledBack: ({ rollout }) => html`${b(rollout)} was rolled back`,
  RolloutCancelled: ({ rollout }) => html`${b(rollout)} was cancelled`,
  RolloutSuperseded: ({ rollout, supersededBy }) =>
    html`${b(rollout)} was superseded${supersededBy !== undefined && ` by ${supersededBy}`}`,
  CoTestPassed: ({ updates, environment }) =>
    html`co-test ${environment} passed: ${updatesText(updates)}`,
  CoTestFailed: ({ updates, environment }) =>
    html`co-test ${environment} failed: ${updatesText(updates)}`,
  FactCorrected: () => html`a fact was corrected`,
  FactRetracted: () => html`a fact was retracted`,
  ReportIssued: ({ cluster, period }) =>
    html`the report of ${b(cluster)} for ${period.label} was issued`,
  LedgerSealed: () => html`the ledger was sealed`,
  ZoneTableAdopted: ({ tzdata }) => html`time-zone table ${tzdata} was adopted`,
  KeyIssued: ({ name, key }) => html`key ${key} was issued to ${b(name)}`,
  KeyRevoked: ({ key }) => html`key ${key} was revoked`,
  ClockJumpAccepted: () => html`a jump of the clock was accepted`,
  NoticeRaised: ({ notice, key }, reason) =>
    html`${b(noticeWords[notice])}: ${reason === undefined ? key : reason}`,
};

type Reader = Pick<PageContext, "zone" | "stand">;

/** A stored event in words; its data are of its type. */
export function eventWords(reader: Reader, { type, data, attribution }: SaidEvent): Html {
  const say = (words as Partial<Record<string, (data: object, reason?: Html) => Html>>)[type];
  if (say === undefined) return html`${type}`;
  const reason = attribution?.reason;
  return say(data, reason === undefined ? undefined : withTimes(reader, reason));
}

/** The ledger writes instants into its notices: they are read in the reader's zone, as all others. */
function withTimes({ zone, stand }: Reader, text: string): Html {
  const parts = text.split(/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/);
  return html`${parts.map((part, i) => {
    const ms = i % 2 === 1 ? parseInstant(part) : null;
    return ms === null ? part : timeHtml(ms, minuteText(ms, zone, stand.at));
  })}`;
}

interface SaidEvent {
  readonly type: string;
  readonly data: object;
  readonly attribution?: { readonly reason?: string | undefined };
}

/** Told later than this after it occurred, an event counts as late. */
const lateMs = 15 * 60_000;

/** `told 21 h 38 min late`; `null` for an event that was told in time. */
export function lateness(occurredAt: number, recordedAt: number): string | null {
  if (!isToldLate({ occurredAt, recordedAt })) return null;
  return `told ${durationText(recordedAt - occurredAt)} late`;
}

export function isToldLate({
  occurredAt,
  recordedAt,
}: {
  readonly occurredAt: number;
  readonly recordedAt: number;
}): boolean {
  return recordedAt - occurredAt >= lateMs;
}
