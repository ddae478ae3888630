/** A page is made into bytes once for all who look at it. */
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as answers from "../../src/http/encoding/shared-answer.ts";
import { anEvent } from "../http/app/memory-ledger.ts";
import type { SmallApp } from "../http/app/small-app.ts";
import { appWithHistory } from "../http/app/small-app.ts";
import { panelOf, textOf } from "./page-text.ts";

let small: SmallApp;
beforeEach(async () => {
  small = await appWithHistory();
});
afterEach(async () => {
  await small.app.close();
  vi.restoreAllMocks();
});

const ask = (url: string, headers: Record<string, string> = {}) =>
  small.app.inject({ url, headers });

const lost = () =>
  small.ledger.submit([
    anEvent({
      occurredAt: "2026-04-12T00:00:00Z",
      type: "NodeObservationLost",
      data: { cluster: "alpha", node: "n1" },
    }),
  ]);

describe("a page", () => {
  it("is the same bytes for each who looks, compressed or not, until something new is there", async () => {
    const made = vi.spyOn(answers, "sharedAnswer");
    const plain = await ask("/");
    const packed = await ask("/", { "accept-encoding": "gzip" });
    const again = await ask("/", { "accept-encoding": "gzip" });
    expect(gunzipSync(packed.rawPayload).toString()).toBe(plain.body);
    expect(again.rawPayload.equals(packed.rawPayload)).toBe(true);
    expect([plain.headers["content-encoding"], packed.headers["content-encoding"]]).toEqual([
      undefined,
      "gzip",
    ]);
    await lost();
    expect((await ask("/")).body).not.toBe(plain.body);
    expect(made).toHaveBeenCalledTimes(2);
  });

  it("need not be sent again to who has it", async () => {
    const { etag } = (await ask("/")).headers;
    for (const encoding of ["gzip", "identity"]) {
      const known = await ask("/", { "if-none-match": String(etag), "accept-encoding": encoding });
      expect([known.statusCode, known.body, known.headers["cache-control"]]).toEqual([
        304,
        "",
        "no-cache",
      ]);
    }
    await lost();
    expect((await ask("/", { "if-none-match": String(etag) })).statusCode).toBe(200);
  });

  it("with a panel that failed is made again for the next who looks", async () => {
    const fails = vi.spyOn(small.ledger.store, "findByIds").mockRejectedValue(new Error("a fault"));
    const panel = async () => textOf(panelOf((await ask("/")).body, "cluster-alpha"));
    expect(await panel()).toContain("Internal error. The request failed.");
    fails.mockRestore();
    expect(await panel()).toContain("Nodes in service");
  });
});

describe("what changed of a page", () => {
  it("is the same bytes for all who saw the same", async () => {
    const [, sequence = ""] = /data-sequence="(\d+)"/.exec((await ask("/")).body) ?? [];
    await lost();
    const made = vi.spyOn(answers, "sharedAnswer");
    const wanted = Number(sequence) + 1;
    const url = `/?fragments=1&after=${sequence}&wanted=${wanted}`;
    const all = await Promise.all(
      Array.from({ length: 20 }, () => ask(url, { "accept-encoding": "gzip" })),
    );
    const [first] = all;
    expect(all.every(({ rawPayload }) => rawPayload.equals(first?.rawPayload ?? Buffer.of()))).toBe(
      true,
    );
    expect(gunzipSync(first?.rawPayload ?? Buffer.of()).toString()).toContain('"fragments":');
    expect(made).toHaveBeenCalledTimes(1);
  });
});

describe("a report", () => {
  it("in its pieces is the text of its compressed form, and says its length", async () => {
    const url = "/v1/sla?cluster=alpha&period=2026-03";
    const plain = await ask(url);
    const packed = await ask(url, { "accept-encoding": "gzip" });
    expect(plain.headers["content-length"]).toBe(String(Buffer.byteLength(plain.body)));
    expect(gunzipSync(packed.rawPayload).toString()).toBe(plain.body);
    expect([plain.headers["etag"], packed.headers["etag"]]).toEqual([
      expect.stringMatching(/^"/),
      `W/${plain.headers["etag"]}`,
    ]);
    expect(
      [plain, packed].map(({ headers }) => [headers["cache-control"], headers["vary"]]),
    ).toEqual(
      Array.from({ length: 2 }, () => ["no-cache", expect.stringContaining("Accept-Encoding")]),
    );
    const head = await small.app.inject({ method: "HEAD", url });
    expect([head.statusCode, head.body, head.headers["content-length"]]).toEqual([
      200,
      "",
      plain.headers["content-length"],
    ]);
  });
});
