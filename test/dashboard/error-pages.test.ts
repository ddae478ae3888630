/** Whoever goes to an address that has nothing gets a page with ways on; a program gets the problem document. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SmallApp } from "../http/app/small-app.ts";
import { appWithHistory } from "../http/app/small-app.ts";

let small: SmallApp;
beforeAll(async () => {
  small = await appWithHistory();
});
afterAll(() => small.app.close());

const asBrowsersAsk = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

const wrong: readonly (readonly [string, number, string])[] = [
  ["/nosuch", 404, "not-found"],
  ["/clusters/nosuch", 404, "not-found"],
  ["/v1/nosuch", 404, "not-found"],
  ["/v1/events/00000000-0000-4000-8000-000000000000", 404, "not-found"],
  ["/v1/sla?cluster=alpha&period=2026-13", 400, "invalid-request"],
  ["/%zz", 400, "invalid-request"],
];

describe.each(wrong)("the error of %s", (url, status, code) => {
  test("is a page with ways on for a browser that goes there", async () => {
    const answer = await small.app.inject({ url, headers: { accept: asBrowsersAsk } });
    expect([answer.statusCode, answer.headers["content-type"]]).toEqual([
      status,
      "text/html; charset=utf-8",
    ]);
    expect(answer.headers["vary"]).toContain("Accept");
    expect(answer.body).toContain(`<a href="/problems/${code}">`);
    expect(answer.body).toContain('<a href="/">Fleet</a>');
    expect(answer.body).toContain('action="/find"');
  });

  test.each(["application/json", "*/*", undefined])(
    "is a problem document for a program that accepts %s",
    async (accept) => {
      const headers = accept === undefined ? {} : { accept };
      const answer = await small.app.inject({ url, headers });
      expect([answer.statusCode, answer.headers["content-type"]]).toEqual([
        status,
        "application/problem+json; charset=utf-8",
      ]);
      expect(answer.json()).toMatchObject({ status, code });
    },
  );
});

test("a text of the address is shown and never run", async () => {
  const answer = await small.app.inject({
    url: "/%3Cscript%3E?x=%3Cscript%3E",
    headers: { accept: asBrowsersAsk },
  });
  expect(answer.body).not.toContain("<script>");
});
