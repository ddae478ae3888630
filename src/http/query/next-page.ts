/** Addresses of the same question at the same position and instant: a list's next page, another format. */
import { formatInstant } from "../../../projections/time/instant.ts";

interface Stand {
  readonly sequence: number;
  /** `null` where the list is about no instant. */
  readonly at: number | null;
}

const instants = new Set(["from", "to"]);

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** `after` is what the next page begins after; `null` on the last one. */
export function nextPage(
  path: string,
  query: Query,
  stand: Stand,
  after: string | null,
): string | null {
  return after === null ? null : addressOf(path, query, stand, { after });
}

/** The address of the question, with its position and with `more`, which replaces what the query has of it. */
export function addressOf(
  path: string,
  query: Query,
  { sequence, at }: Stand,
  more: Readonly<Record<string, string>>,
): string {
  const said = new Set(["after", "asOf", "asOfTime", "minSequence", "at", ...Object.keys(more)]);
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || said.has(name)) continue;
    parameters.set(name, instants.has(name) ? formatInstant(Number(value)) : String(value));
  }
  parameters.set("asOf", String(sequence));
  if (at !== null) parameters.set("at", formatInstant(at));
  for (const [name, value] of Object.entries(more)) parameters.set(name, value);
  return `${path}?${parameters.toString()}`;
}
