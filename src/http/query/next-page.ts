/** The address of a list's next page: of the same question, position and instant. */
import { formatInstant } from "../../../projections/time/instant.ts";

interface Stand {
  readonly sequence: number;
  /** `null` where the list is about no instant. */
  readonly at: number | null;
}

const said = new Set(["after", "asOf", "asOfTime", "minSequence", "at"]);
const instants = new Set(["from", "to"]);

/** `after` is what the next page begins after; `null` on the last one. */
export function nextPage(
  path: string,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
  { sequence, at }: Stand,
  after: string | null,
): string | null {
  if (after === null) return null;
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || said.has(name)) continue;
    parameters.set(name, instants.has(name) ? formatInstant(Number(value)) : String(value));
  }
  parameters.set("asOf", String(sequence));
  if (at !== null) parameters.set("at", formatInstant(at));
  parameters.set("after", after);
  return `${path}?${parameters.toString()}`;
}
