/** The text of an event that is hashed: canonical JSON (RFC 8785) of the members that docs/audit.md lists. */
const members = [
  "actor",
  "causationId",
  "correlationId",
  "data",
  "decision",
  "id",
  "occurredAt",
  "reason",
  "recordedAt",
  "revision",
  "schemaVersion",
  "source",
  "stream",
  "ticket",
  "type",
] as const;

/** `event` as `/v1/events/{id}` gives it. */
export function leafTextOf(event: object): string {
  const said = event as Readonly<Record<string, unknown>>;
  const leaf: Record<string, unknown> = {};
  for (const name of members) if (said[name] !== undefined) leaf[name] = said[name];
  leaf["revision"] = Number(said["revision"]);
  return canonical(leaf);
}

/** RFC 8785: members by the UTF-16 code units of their names; numbers and strings as ECMAScript writes them. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const parts = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`);
  return `{${parts.join(",")}}`;
}
