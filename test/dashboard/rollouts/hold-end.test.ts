/** Whatever says until when a rollout is held says the same, and names every zone that it is because of. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SmallApp } from "../../http/app/small-app.ts";
import { appWith, partOf, textOf, told } from "./told.ts";

let small: SmallApp;
beforeAll(async () => {
  const zone = (nfz: string, from: string, to: string) =>
    [
      "2026-04-01T00:00:00Z",
      "NfzDeclared",
      { nfz, cluster: "alpha", occurrences: [{ from, to }], inFlight: "finish" },
    ] as const;
  small = await appWith([
    ...told,
    // `freeze` ends on the 20th; this one begins before, and another when this one ends.
    zone("after", "2026-04-19T00:00:00Z", "2026-04-22T00:00:00Z"),
    zone("last", "2026-04-22T00:00:00Z", "2026-04-23T06:00:00Z"),
    zone("later", "2026-04-24T00:00:00Z", "2026-04-25T00:00:00Z"),
  ]);
});
afterAll(() => small.app.close());

const get = async (url: string) => {
  const { statusCode, body } = await small.app.inject(url);
  expect(statusCode).toBe(200);
  return body;
};

describe("a rollout that is held by zones that follow each other", () => {
  it("says in one sentence which they are and when the last of them ends", async () => {
    expect(textOf(await get("/rollouts/alpha/held"))).toContain(
      "freeze holds it, then after, last, until 23 Apr 06:00, in 7 d 17 h.",
    );
  });

  it("lists them all: the latest end in the table is when it may start", async () => {
    const table = partOf(await get("/rollouts/alpha/held"), 'id="p-held"', "</section>");
    expect(table).toContain("may start 23 Apr 06:00");
    expect(table).toMatch(/freeze 10 Apr 00:00 20 Apr 00:00/);
    expect(table).toMatch(/after 19 Apr 00:00 to come, in .* 22 Apr 00:00/);
    expect(table).toMatch(/last 22 Apr 00:00 to come, in .* 23 Apr 06:00/);
    expect(table).not.toContain("later");
  });

  it("is answered by the interface with the same zones and the same end", async () => {
    const answer = JSON.parse(await get("/v1/rollouts/held?cluster=alpha")) as {
      readonly nextStart: string;
      readonly nfzs: readonly { readonly nfz: string }[];
      readonly followedBy: readonly { readonly nfz: string; readonly to: string }[];
    };
    expect(answer.nfzs.map(({ nfz }) => nfz)).toEqual(["freeze"]);
    expect(answer.followedBy.map(({ nfz }) => nfz)).toEqual(["after", "last"]);
    expect(answer.followedBy.at(-1)?.to).toBe(answer.nextStart);
  });

  it("is on the board and on the fleet page with both ends, and the cluster is frozen until the same", async () => {
    const words =
      "next release 20 Apr 00:00 (in 4 d 11 h); then other zones hold it, until 23 Apr 06:00 (in 7 d 17 h)";
    expect(textOf(await get("/rollouts"))).toContain(words);
    const fleet = textOf(await get("/"));
    expect(fleet).toContain(words);
    expect(fleet).toContain("Frozen until 23 Apr 06:00 7 d 17 h left · freeze, then after, last");
  });
});
