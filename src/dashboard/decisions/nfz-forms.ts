/** Forms to declare a no-fly zone and to change one. */
import { isRunning } from "../../../projections/nfz/status.ts";
import type { NfzStatus, Occurrence } from "../../../projections/nfz/timeline.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { PageContext } from "../frame/page.ts";
import { minuteText } from "../frame/times.ts";
import type { ExplainedForm, Field } from "./form.ts";
import { actorField, minuteOf, reasonField, ticketField } from "./said-fields.ts";
import { pathSegment } from "../../path-segment.ts";

const hourMs = 3_600_000;

/** Choices of one select: an occurrence further ahead is named by its instant in a command. */
const offeredOccurrences = 60;

export function declareForm(context: PageContext, cluster: string | undefined): ExplainedForm {
  const { clusters, stand } = context;
  const from = minuteOf((stand.at ?? 0) + hourMs);
  const to = minuteOf((stand.at ?? 0) + 25 * hourMs);
  // A zone holds everything in its clusters: none is ticked that nobody chose.
  const chosen = cluster === undefined ? [] : [cluster];
  return {
    id: "declare",
    button: "Declare a no-fly zone",
    title: "Declare a no-fly zone",
    about:
      "No rollout and no maintenance starts while it is in force, in all of a cluster or in a part of it.",
    address: "/v1/nfz",
    preview: "/v1/nfz/preview",
    send: "Declare",
    fixed: {},
    fields: [
      { kind: "text", at: "/nfz", label: "Name", hint: "Such as quarter-end.", isNeeded: true },
      {
        kind: "several",
        at: "/clusters",
        label: "Clusters",
        choices: clusters.map((name) => ({ value: name, label: name })),
        chosen,
        isNeeded: true,
      },
      timesField(from, to),
      ...scopeFields("/scope"),
      {
        kind: "choice",
        at: "/inFlight",
        label: "Rollouts under way when it begins",
        choices: [
          { value: "finish", label: "finish their step and pause" },
          { value: "pause", label: "pause" },
          { value: "rollback", label: "are rolled back" },
        ],
      },
      { kind: "check", at: "/noFastPath", label: "Holds rollouts on the fast path, too" },
      reasonField(true),
      actorField,
      ticketField,
    ],
    example: {
      nfz: "quarter-end",
      clusters: [cluster ?? clusters[0] ?? "alpha"],
      inFlight: "pause",
      occurrences: [{ from, to }],
      actor: "YOU",
      reason: "quarter end",
    },
  };
}

function timesField(from: string, to: string): Field {
  const once: readonly Field[] = [
    {
      kind: "rows",
      at: "/occurrences",
      label: "Occurrences",
      add: "Add an occurrence",
      columns: [
        { kind: "instant", at: "/from", label: "From (UTC)", hint: "Empty: now.", value: from },
        { kind: "instant", at: "/to", label: "To (UTC)", value: to, isNeeded: true },
      ],
    },
  ];
  const again: readonly Field[] = [
    {
      kind: "text",
      at: "/recurrence/rrule",
      label: "Rule",
      hint: "An RRULE, such as FREQ=WEEKLY;BYDAY=SA or FREQ=MONTHLY;BYDAY=-1FR;COUNT=6.",
      value: "FREQ=WEEKLY;BYDAY=SA",
      isNeeded: true,
    },
    { kind: "local", at: "/recurrence/start", label: "First start, local time", isNeeded: true },
    {
      kind: "text",
      at: "/recurrence/zone",
      label: "Time zone",
      hint: "Such as Europe/Berlin.",
      value: "UTC",
      isNeeded: true,
    },
    {
      kind: "hours",
      at: "/recurrence/durationMs",
      label: "Hours each",
      value: "6",
      isNeeded: true,
    },
    {
      kind: "names",
      at: "/recurrence/except",
      label: "Except",
      hint: "Local starts to leave out, such as 2030-03-16T22:00, with commas between them.",
    },
  ];
  return {
    kind: "either",
    at: "",
    label: "When",
    ways: [
      { label: "Once, or at given times", fields: once },
      { label: "Again and again", fields: again },
    ],
  };
}

/** A part of a cluster: racks, SKUs and nodes. */
export function scopeFields(at: string): readonly Field[] {
  const hint = "With commas between them. All three empty: the whole cluster.";
  return [
    { kind: "names", at: `${at}/racks`, label: "Racks", hint },
    { kind: "names", at: `${at}/skus`, label: "SKUs" },
    { kind: "names", at: `${at}/nodes`, label: "Nodes", hint: "Names or hostlists: gpu[001-128]." },
  ];
}

interface Zone {
  readonly nfz: string;
  readonly cluster: string;
  /** All clusters that have a zone of the name. */
  readonly clusters: readonly string[];
  readonly status: NfzStatus;
}

/** The changes that the zone's present state allows. */
export function changeForms(context: PageContext, zone: Zone): readonly ExplainedForm[] {
  const at = context.stand.at ?? 0;
  const { occurrences, resolvedUntil, declaration } = zone.status;
  if (declaration === null) return [];
  const open = occurrences.filter(({ to }) => to > at).slice(0, offeredOccurrences);
  const toCome = occurrences
    .filter(({ from, to }) => from > at && from < to)
    .slice(0, offeredOccurrences);
  const isNow = occurrences.some((each) => isRunning(each, at));
  const isLeft = isNow || toCome.length > 0 || resolvedUntil !== null;
  const change = changeOf(context, zone);
  return [
    ...(open.length > 0
      ? [
          change("extend", "Extend", "Let an occurrence end later", open, true),
          change("shorten", "Shorten", "Let an occurrence end earlier", open, true),
        ]
      : []),
    ...(toCome.length > 0
      ? [change("skip", "Skip", "Leave out an occurrence that has not begun", toCome, false)]
      : []),
    ...(isNow ? [change("lift", "Lift", "End what is running now", [], false)] : []),
    ...(isLeft
      ? [change("cancel", "Cancel", "End the zone, and all that was to come of it", [], false)]
      : []),
  ];
}

function changeOf(context: PageContext, { nfz, cluster, clusters }: Zone) {
  return (
    name: string,
    button: string,
    about: string,
    occurrences: readonly Occurrence[],
    hasEnd: boolean,
  ): ExplainedForm => {
    const [first] = occurrences;
    const fields: Field[] = [
      {
        kind: "several",
        at: "/clusters",
        label: "Clusters",
        choices: clusters.map((each) => ({ value: each, label: each })),
        chosen: [cluster],
        isNeeded: true,
      },
      reasonField(true),
      actorField,
      ticketField,
    ];
    if (hasEnd && first !== undefined) {
      const label = "New end (UTC)";
      fields.unshift({
        kind: "instant",
        at: "/to",
        label,
        value: formatInstant(first.to),
        isNeeded: true,
      });
    }
    if (first !== undefined)
      fields.unshift({
        kind: "choice",
        at: "/occurrence",
        label: "Occurrence",
        choices: occurrences.map((each) => occurrenceChoice(context, each)),
      });
    return {
      id: name,
      button,
      title: `${button} ${nfz}`,
      about: `${about}.`,
      address: `/v1/nfz/${pathSegment(nfz)}/${name}`,
      send: button,
      isFinal: name === "cancel",
      fixed: {},
      fields,
      example: {
        clusters: [cluster],
        ...(first === undefined ? {} : { occurrence: formatInstant(first.from) }),
        ...(hasEnd && first !== undefined ? { to: formatInstant(first.to) } : {}),
        actor: "YOU",
        reason: "WHY",
      },
    };
  };
}

function occurrenceChoice({ zone, stand }: PageContext, { from, to }: Occurrence) {
  const words = `${minuteText(from, zone, stand.at)} – ${minuteText(to, zone, stand.at)}`;
  return { value: formatInstant(from), label: from < to ? words : `${words} (skipped)` };
}
