/** The stream that an event belongs to, by its type and data alone. */
import { assertNever } from "../../projections/arithmetic/invariants.ts";
import type { EventType } from "./catalogue.ts";
import { definitionOf } from "./catalogue.ts";

/** Stream of the seals. */
export const sealsStream = "ledger-seals";
/** Stream of the zone tables that the ledger adopted. */
const zonesStream = "ledger-zones";
/** The stream of the operators' statements about the clock. */
const clockStream = "ledger-clock";

/**
 * The stream's name, or `null` for a correction: that lives in the stream of the event that it
 * names, which only the ledger knows.
 */
export function streamOf(type: EventType, data: Readonly<Record<string, unknown>>): string | null {
  const { entity } = definitionOf(type);
  switch (entity) {
    case "cluster":
      return `cluster-${String(data.cluster)}`;
    case "node":
      return `node-${String(data.cluster)}:${String(data.node)}`;
    case "job":
      return `job-${String(data.cluster)}:${String(data.job)}`;
    case "rollout":
      return `rollout-${String(data.rollout)}`;
    case "nfz":
      return `nfz-${String(data.nfz)}`;
    case "cotest":
      return `cotest-${String(data.coTest)}`;
    case "system":
      return systemStreamOf(type, data);
    case "correction":
      return null;
    default:
      return assertNever(entity, "kind of entity");
  }
}

function systemStreamOf(type: EventType, data: Readonly<Record<string, unknown>>): string {
  if (type === "LedgerSealed") return sealsStream;
  if (type === "ZoneTableAdopted") return zonesStream;
  if (type === "ClockJumpAccepted") return clockStream;
  if (type === "ReportIssued") return `report-${String(data.report)}`;
  throw new RangeError(`${type} is a system event without a stream`);
}

/** Whether a stream may hold facts, and corrections of them: its name is of a form that `streamOf` gives. */
export function isFactStream(stream: string): boolean {
  return /^(?:(?:node|job)-[^:]+:.|(?:cluster|rollout|nfz|cotest)-.)/s.test(stream);
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
