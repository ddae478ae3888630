/** Words in the interface's addresses; a rollout or no-fly zone with such a name would be ambiguous. */
const words =
  "blocked queue violations release-plan overrides impact " +
  "submit start progress pause resume verify complete fail roll-back cancel supersede override revoke " +
  "declare preview at cost what-if extend shorten skip lift";

/** `.` and `..` are taken out of addresses by those who send them. */
export const reservedWords: ReadonlySet<string> = new Set([".", "..", ...words.split(" ")]);
