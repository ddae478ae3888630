/** Names may have any printable character but blanks, commas and brackets: what has such a name has a page, and links lead to it. */
import { describe, expect, test } from "vitest";
import { nameOfSegment, pathSegment } from "../../src/path-segment.ts";
import { smallApp } from "../http/app/small-app.ts";
import { historyNamed, pagesNamed } from "./named-fleet.ts";

const oddNames = [".", "..", "~..", "a/b", "?x", "#y", "100%", "%2F", "%2e%2e", "..%2f", "\\x"];

test.each(oddNames)("%s is written in an address so that browsers leave it whole", (name) => {
  const { pathname } = new URL(`/clusters/${pathSegment(name)}/x`, "http://ledger");
  const [, , segment = ""] = pathname.split("/");
  expect(nameOfSegment(decodeURIComponent(segment))).toBe(name);
});

describe.each(["..", "a/b?c#d'<e>", "%2e%2e"])("what is called %s", (name) => {
  test("has pages, which link to each other, and answers of the interface", async () => {
    const { app, ledger } = await smallApp();
    const told = await ledger.submit(historyNamed(name));
    expect(told.filter(({ status }) => status === "refused")).toEqual([]);
    // As a browser makes an address of a link.
    const get = async (href: string, accept = "text/html") => {
      const { pathname, search } = new URL(href, "http://ledger");
      const answer = await app.inject({ url: `${pathname}${search}`, headers: { accept } });
      return [href, answer.statusCode, answer.body] as const;
    };
    const links = new Set<string>();
    for (const page of ["/", "/faults", "/rollouts", "/find?q=", ...pagesNamed(name)]) {
      const [, status, body] = await get(page);
      expect([page, status]).toEqual([page, 200]);
      for (const [, href = ""] of body.matchAll(/(?:href|data-source|data-src)="(\/[^"]*)"/g))
        links.add(href.replaceAll("&amp;", "&").replaceAll("&#39;", "'").replaceAll("&quot;", '"'));
    }
    const paths = [...links].map((link) => new URL(link, "http://ledger").pathname);
    for (const page of pagesNamed(name))
      expect(paths).toContain(new URL(page, "http://ledger").pathname);
    for (const link of links) {
      if (link.startsWith("/assets/") || link.startsWith("/docs") || link === "/metrics") continue;
      const [, status] = await get(link, "*/*");
      expect([link, status]).toEqual([link, 200]);
    }
    await app.close();
  });
});
