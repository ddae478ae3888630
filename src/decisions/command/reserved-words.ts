/** Words in the interface's addresses; a rollout or no-fly zone with such a name would be ambiguous. */
const words =
  "blocked queue violations release-plan overrides impact " +
  "submit start progress pause resume verify complete fail roll-back cancel supersede override revoke " +
  "declare preview at cost extend shorten skip lift";

export const reservedWords: ReadonlySet<string> = new Set(words.split(" "));
