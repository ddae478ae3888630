import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { LedgerError } from "../../../src/errors.ts";
import { readWebhooks } from "../../../src/sinks/webhooks/webhooks-file.ts";
import { temporaryFolder } from "../../cli/run.ts";

const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

describe("the file of webhooks", () => {
  const folder = temporaryFolder();
  afterAll(folder.remove);

  function read(...webhooks: object[]) {
    writeFileSync(folder.path("secret"), `${secret}\n`);
    writeFileSync(folder.path("webhooks.json"), JSON.stringify(webhooks));
    return readWebhooks(folder.path("webhooks.json"));
  }

  function errorsOf(...webhooks: object[]) {
    try {
      read(...webhooks);
    } catch (error) {
      if (error instanceof LedgerError)
        return error.errors.map(({ path, message }) => `${path} ${message}`);
      throw error;
    }
    return [];
  }

  const pager = {
    name: "pager",
    url: "https://pager.example.com/hook",
    secretFile: "secret",
    types: ["fault.opened"],
  };

  test("is read with its secrets, whose files lie beside it", () => {
    expect(read(pager)).toEqual([{ ...pager, format: "standard", secrets: [Buffer.alloc(32, 7)] }]);
  });

  test("may name a file of two secrets while they are changed", () => {
    mkdirSync(folder.path("more"), { recursive: true });
    const older = `whsec_${Buffer.alloc(24, 1).toString("base64")}`;
    writeFileSync(folder.path("more/two"), `${secret}\n${older}\n`);
    const [webhook] = read({ ...pager, secretFile: "more/two" });
    expect(webhook?.secrets).toEqual([Buffer.alloc(32, 7), Buffer.alloc(24, 1)]);
  });

  test.each([
    ["http://127.0.0.1:9/x"],
    ["http://localhost/x"],
    ["http://[::1]:80/"],
    ["https://a.example.com"],
  ])("takes %s", (url) => {
    expect(errorsOf({ ...pager, url })).toEqual([]);
  });

  test.each([
    ["http://pager.example.com/", "must begin with https://, or name a loopback address"],
    ["http://127.0.0.1.example.com/", "must begin with https://, or name a loopback address"],
    ["ftp://127.0.0.1/", "must begin with https://, or name a loopback address"],
    ["file:///etc/passwd", "must begin with https://, or name a loopback address"],
    ["https://user:word@a.example.com/", "must name no user and no password: messages are signed"],
    ["/hook", "must be an absolute URL"],
  ])("refuses the address %s", (url, message) => {
    expect(errorsOf({ ...pager, url })).toEqual([`/0/url ${message}`]);
  });

  test("names every fault by its pointer", () => {
    expect(
      errorsOf({ ...pager, name: "Pager!" }, { ...pager, types: ["fault"], extra: 1 }),
    ).toEqual([
      expect.stringContaining("/0/name must be 1 to 32 lower-case letters"),
      expect.stringContaining("/1/types/0"),
      expect.stringContaining("/1/extra"),
    ]);
    expect(errorsOf(pager, pager)).toEqual(["/1/name is used twice: pager"]);
  });

  test("refuses secrets that are missing, short or not of the form, and never shows them", () => {
    writeFileSync(folder.path("short"), "whsec_c2VjcmV0\n");
    writeFileSync(folder.path("plain"), "my-secret-word\n");
    const of = (secretFile: string) => errorsOf({ ...pager, secretFile }).join();
    expect(of("missing")).toContain("/0/secretFile names a file that cannot be read");
    expect(of("short")).toContain("base64 of 24 to 64 bytes each");
    expect(of("plain")).toContain("base64 of 24 to 64 bytes each");
    expect(of("plain")).not.toContain("my-secret-word");
  });
});
