/** Instants as Slurm prints them: local times of a zone, or seconds since the epoch. */
import { instantOfLocal } from "../../../projections/time/zone-table.ts";
import { parseInstant } from "../../../projections/time/instant.ts";
import { zoneTransitions } from "../../zones/zones.ts";
import type { SourceOf } from "../config/sources-file.ts";

type Timed = Pick<SourceOf<"slurm-events">, "timeFormat" | "zone">;

/** An instant; with a note if its local time happens twice. `null` stands for no instant, such as `Unknown`. */
interface SlurmTime {
  readonly at: number | null;
  readonly note: string | null;
}

const none: ReadonlySet<string> = new Set(["", "unknown", "none", "n/a"]);

/** Reads a cell; a text says why it cannot be read. */
export function readSlurmTime(text: string, { timeFormat, zone }: Timed): SlurmTime | string {
  if (none.has(text.toLowerCase())) return { at: null, note: null };
  if (timeFormat === "unix") {
    // Slurm knows no instant 0: it stands for none.
    if (text === "0") return { at: null, note: null };
    if (!/^\d{1,11}$/.test(text)) return `"${text.slice(0, 40)}" is not a number of seconds`;
    return { at: Number(text) * 1_000, note: null };
  }
  const offsets = zoneTransitions(zone ?? "");
  const localMs = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(text)
    ? parseInstant(`${text}Z`)
    : null;
  if (localMs === null || offsets === null)
    return `"${text.slice(0, 40)}" is not a local time such as 2026-03-02T10:00:00`;
  const { instant, note } = instantOfLocal(offsets, localMs);
  if (note === "gap")
    return `the local time ${text} does not exist in ${zone} (clocks were set forward past it)`;
  const twice = `the local time ${text} happens twice in ${zone}; taken as the first`;
  return { at: instant, note: note === "overlap" ? twice : null };
}
