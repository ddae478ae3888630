/** Decides anew what the simulator says a ledger decided about no-fly zones, with the project's own deciders. */
import { foldEntity } from "../../projections/facts/entity-kind.ts";
import { nfzKind } from "../../projections/nfz/kind.ts";
import type { NfzTimeline } from "../../projections/nfz/timeline.ts";
import { type Draft, draft } from "../../src/decisions/command/drafts.ts";
import { type NfzChange, decideChange } from "../../src/decisions/nfz/change.ts";
import { decideDeclare } from "../../src/decisions/nfz/declare.ts";
import { resolveHorizon } from "../../src/decisions/recurrence/resolve-further.ts";
import type { DataOf } from "../../src/events/catalogue.ts";
import type { SimulatedEvent } from "../../src/simulate/telling/lines.ts";
import { firstZones } from "../../src/zones/zones.ts";
import type { Appended, Replay } from "./deciding.ts";

/** What the deciders make of it, in the clusters in which the simulator made something. */
export function nfzDecidedAnew(replay: Replay, appended: Appended): readonly Draft[] {
  if (appended.command === "declare") return declaredAnew(appended);
  return appended.events.flatMap((event) => {
    const { cluster } = event.data as { readonly cluster: string };
    const view = replay.view(cluster, appended.P);
    const timeline = foldEntity(nfzKind, appended.name, view.facts("nfz", appended.name));
    if (appended.command === "resolve") return listedAnew(timeline, appended, cluster);
    const change = changeOf(appended.command, event);
    const decided = decideChange(cluster, timeline, change, appended.at);
    return decided.kind === "append" ? [decided.draft] : [];
  });
}

function declaredAnew({ events, at }: Appended): readonly Draft[] {
  const declared = events.map(({ data }) => data as DataOf<"NfzDeclared">);
  const [first] = declared;
  if (first === undefined) return [];
  const { nfz, scope, inFlight, noFastPath, recurrence, occurrences } = first;
  const clusters = declared.map(({ cluster }) => cluster);
  const said = { nfz, clusters, scope, inFlight, noFastPath };
  const body = recurrence === undefined ? { ...said, occurrences } : { ...said, recurrence };
  const seen = new Map();
  const { outcome } = decideDeclare({
    body,
    clusters,
    seen,
    isAnywhere: false,
    zones: firstZones,
    at,
  });
  return outcome.kind === "append" ? outcome.drafts : [];
}

function listedAnew(
  timeline: NfzTimeline,
  { at, name: nfz }: Appended,
  cluster: string,
): readonly Draft[] {
  const recurrence = timeline.declaration?.data.recurrence;
  if (recurrence === undefined) return [];
  const further = resolveHorizon(
    {
      recurrence,
      occurrences: timeline.occurrences.map(({ from, to, isNamed: named }) => ({
        from,
        to,
        named,
      })),
      resolvedUntil: timeline.resolvedUntil,
      recordedWith: [firstZones],
    },
    at,
    firstZones,
  );
  if (further === null) return [];
  return [draft("NfzResolved", { nfz, cluster, ...further } as DataOf<"NfzResolved">)];
}

function changeOf(command: string, { data }: SimulatedEvent): NfzChange {
  const { occurrence = "", to = "" } = data as { occurrence?: string; to?: string };
  if (command === "extend" || command === "shorten") return { name: command, occurrence, to };
  if (command === "skip") return { name: command, occurrence };
  if (command === "lift" || command === "cancel") return { name: command };
  throw new Error(`no command about no-fly zones: ${command}`);
}
