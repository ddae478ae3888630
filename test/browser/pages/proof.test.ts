/** The proof of an event is verified where it is read. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { history } from "../../http/app/small-app.ts";
import { hasBrowser } from "../unpacked-chromium.ts";
import { visit } from "../visit.ts";
import { sealedServer } from "./sealed-server.ts";

const path = `/events/${String(history[3]?.["id"])}`;

const verify = async (page: Page): Promise<string> => {
  const button = page.getByRole("button", { name: "Verify in this browser" });
  await button.focus();
  await page.keyboard.press("Enter");
  const verdict = page.locator(".proof-verdict.good, .proof-verdict.bad");
  await verdict.waitFor();
  return (await verdict.textContent()) ?? "";
};

/** Changes what the server answers, as whoever has it in hand could. */
const tamper = (page: Page, change: (proof: Record<string, unknown>) => void) =>
  page.route("**/v1/audit/proof/**", async (route) => {
    const answer = await route.fetch();
    const proof = (await answer.json()) as Record<string, unknown>;
    change(proof);
    await route.fulfill({ response: answer, json: proof });
  });

describe.skipIf(!hasBrowser)("the proof on an event's page", () => {
  let server: Awaited<ReturnType<typeof sealedServer>>;
  beforeAll(async () => {
    server = await sealedServer(history);
  });
  afterAll(() => server.stop());

  test("is verified by keyboard alone, and shown hash by hash up to the signature", async () => {
    await visit(server.url, async (page) => {
      await page.goto(path);
      expect(await verify(page)).toMatch(
        /^Proven: this event is number \d+ of the 12 events whose root is signed\.$/,
      );
      const steps = await page.locator(".proof-steps li").allTextContents();
      expect(steps[0]).toContain("Leaf text");
      expect(steps.at(-1)).toContain("Signature good by ledger.example");
      const proof = await (await fetch(`${server.url}/v1/audit/proof${path.slice(7)}`)).json();
      const { rootHash, hashes } = proof as { rootHash: string; hashes: string[] };
      expect(steps.at(-2)).toContain(rootHash);
      for (const [i, hash] of hashes.entries()) expect(steps[i + 2]).toContain(hash);
    });
  });

  test.each([
    ["leaf", "Leaf text", (proof: Record<string, unknown>) => void (proof["leaf"] = "{}")],
    [
      "hash",
      "Root",
      (proof: Record<string, unknown>) => void (proof["hashes"] as string[]).reverse(),
    ],
    [
      "checkpoint",
      "Signature",
      (proof: Record<string, unknown>) => {
        proof["checkpoint"] = String(proof["checkpoint"]).replace(/.{8}\n$/, "AAAAAAA=\n");
      },
    ],
  ])("says at which step it fails if the %s was tampered with", async (_, step, change) => {
    await visit(server.url, async (page) => {
      await tamper(page, change);
      await page.goto(path);
      expect(await verify(page)).toContain(`Not proven: it fails at the step "${step}".`);
      expect(await page.locator(".proof-steps li.bad").count()).toBe(1);
    });
  });

  test("says so where the address is not secure, and names the command", async () => {
    await visit(
      `http://ledger.test:${server.port}`,
      async (page) => {
        await page.goto(path);
        await page.locator("#p-proof", { hasText: "This address is not secure" }).waitFor();
        expect(await page.locator("#p-proof").textContent()).toContain("fleetledger verify-proof");
      },
      { expectedErrors: [/Cross-Origin-Opener-Policy header has been ignored/] },
    );
  });

  test("of a ledger without a key leads to the root, and says that nobody has signed it", async () => {
    const unsigned = await sealedServer(history, { withKey: false });
    await visit(unsigned.url, async (page) => {
      await page.goto(path);
      expect(await verify(page)).toContain("Nobody has signed that root");
    });
    await unsigned.stop();
  });
});
