/** What the states of Slurm's nodes mean for the ledger. */

/** `drain`: a fault that a rule on its reason may make maintenance. `draining`: its last job still runs. */
type NodeClass = "fault" | "drain" | "draining" | "maintenance" | "neither";

const fault = new Set(["DOWN", "FAIL", "INVAL", "INVALID", "INVALID_REG", "ERROR", "ERR"]);
const drain = new Set(["DRAIN", "DRAINED"]);
const draining = new Set(["DRNG", "DRAINING", "FAILG", "FAILING"]);
/** States in which a job runs: a node that is drained meanwhile is still draining. */
const busy = new Set(["ALLOC", "ALLOCATED", "MIX", "MIXED", "COMP", "COMPLETING"]);
const neither = new Set(
  (
    "IDLE RESV RESERVED PLND PLANNED BLOCK BLOCKED FUTR FUTURE CLOUD UNK " +
    "UNKNOWN UNDRAIN PERFCTRS NPC NOT_RESPONDING NO_RESPOND EXTERNAL DYNAMIC_NORM DYNAMIC_FUTURE"
  ).split(" "),
);
const maintenance = /^(MAINT|BOOT|REBOOT)/;
const power = /^POW/;

/** The class of a state in the short or the long names, with its suffix and joined flags; `null` if a part is not known. */
export function classOfState(text: string): NodeClass | null {
  const upper = text.trim().toUpperCase();
  const suffix = /[*~#!%$@^+-]$/.exec(upper)?.[0] ?? "";
  const parts = (suffix === "" ? upper : upper.slice(0, -1)).split("+");
  const has = (set: ReadonlySet<string>) => parts.some((part) => set.has(part));
  const isKnown = (part: string) =>
    [fault, drain, draining, busy, neither].some((set) => set.has(part)) ||
    maintenance.test(part) ||
    power.test(part);
  if (!parts.every(isKnown)) return null;
  if ("$@^".includes(suffix) && suffix !== "") return "maintenance";
  // Powered down, or on the way there or back.
  if ("~#!%".includes(suffix) && suffix !== "") return "neither";
  if (parts.some((part) => maintenance.test(part))) return "maintenance";
  if (parts.some((part) => power.test(part))) return "neither";
  const isLeaving = has(drain) || parts.includes("FAIL");
  if (has(draining) || (isLeaving && has(busy))) return "draining";
  if (has(drain)) return "drain";
  return has(fault) ? "fault" : "neither";
}
