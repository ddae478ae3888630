/** The stream that an event belongs to, by its type and data alone. */
import type { EntityName, EventType } from "./catalogue.ts";
import { definitionOf, eventTypes } from "./catalogue.ts";

/** Stream of the seals. */
export const sealsStream = "ledger-seals";
/** Stream of the zone tables that the ledger adopted. */
const zonesStream = "ledger-zones";
/** The stream of the operators' statements about the clock. */
const clockStream = "ledger-clock";
/** The stream of the API keys. */
export const keysStream = "ledger-keys";
/** Stream of what the ledger says when time makes something true. */
const noticesStream = "ledger-notices";

/** Members of the data that name an entity, where it is not its cluster and its own name. */
const namedBy: Partial<Record<EntityName, readonly string[]>> = {
  cluster: ["cluster"],
  rollout: ["rollout"],
  nfz: ["nfz"],
  cotest: ["coTest"],
};

/** What facts are about. */
const factEntities = [...new Set(eventTypes.map((type) => definitionOf(type).entity))].filter(
  (entity) => entity !== "correction" && entity !== "system",
);

function namesOf(entity: EntityName): readonly string[] {
  return namedBy[entity] ?? ["cluster", entity];
}

/** The forms of names that `streamOf` gives to facts. */
const factStreams = new RegExp(
  `^(?:${factEntities.map((entity) => `${entity}-${"[^:]+:".repeat(namesOf(entity).length - 1)}.`).join("|")})`,
  "s",
);

/**
 * The stream's name, or `null` for a correction: that lives in the stream of the event that it
 * names, which only the ledger knows.
 */
export function streamOf(type: EventType, data: Readonly<Record<string, unknown>>): string | null {
  const { entity } = definitionOf(type);
  if (entity === "system") return systemStreamOf(type, data);
  if (entity === "correction") return null;
  return `${entity}-${namesOf(entity)
    .map((name) => String(data[name]))
    .join(":")}`;
}

function systemStreamOf(type: EventType, data: Readonly<Record<string, unknown>>): string {
  if (type === "LedgerSealed") return sealsStream;
  if (type === "ZoneTableAdopted") return zonesStream;
  if (type === "ClockJumpAccepted") return clockStream;
  if (type === "KeyIssued" || type === "KeyRevoked") return keysStream;
  if (type === "NoticeRaised") return noticesStream;
  if (type === "ReportIssued") return `report-${String(data.report)}`;
  throw new RangeError(`${type} is a system event without a stream`);
}

/** Whether a stream may hold facts, and corrections of them: its name is of a form that `streamOf` gives. */
export function isFactStream(stream: string): boolean {
  return factStreams.test(stream);
}

/**
 * The name of a type's streams in pieces: words and, at every second index, the name of the member of the data whose
 * value stands there. `null` for a correction.
 */
export function piecesOfStream(type: EventType): readonly string[] | null {
  const mark = "\n";
  const data = new Proxy<Record<string, unknown>>(
    {},
    {
      get: (_data, name) => `${mark}${String(name)}${mark}`,
    },
  );
  return streamOf(type, data)?.split(mark) ?? null;
}
