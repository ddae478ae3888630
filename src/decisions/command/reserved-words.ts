/** Words of the interface's addresses, which a rollout or a no-fly zone of that name could not be told from. */
const words =
  "blocked queue violations release-plan overrides impact " +
  "submit start progress pause resume verify complete fail roll-back cancel supersede override revoke " +
  "declare preview at cost extend shorten skip lift";

export const reservedWords: ReadonlySet<string> = new Set(words.split(" "));
