/** Addresses that know no position, each with its reason: whatever `asOf` is asked, they say the same. */

/** Routes that know no position, each with its reason. A new one belongs here only with one. */
export const withoutPosition: Readonly<Record<string, string>> = {
  "/livez": "says of the process, not of the ledger",
  "/readyz": "says how far the views are now",
  "/metrics": "counts what the process did",
  "/v1/stream": "tells what happens from now on; it begins at any position by `after`",
  "/v1/webhooks": "says how far receivers are now",
  "/v1/webhooks/{name}/dead": "says what receivers have refused up to now",
  "/v1/access": "says which keys hold now; those of an earlier instant by `at`",
  "/v1/sources": "says what this process has heard of its sources",
  "/v1/audit/key": "the key is no part of the history",
};

/** Addresses that the document leaves out and that know no position, each with its reason. */
export const hiddenWithoutPosition: readonly (readonly [address: RegExp, why: string])[] = [
  [/^\/docs(\/|$)/, "is about the interface"],
  [/^\/openapi\.json$/, "is about the interface"],
  [/^\/problems(\/|$)/, "is about the kinds of error"],
  [/^\/assets\//, "is the same for every ledger"],
  [/^\/sources$/, "shows what this process has heard of its sources"],
  [/^\/login$/, "asks for a key"],
  [/^\/webhooks$/, "says how far receivers are now"],
];
