import { expect, test } from "vitest";
import { realApp } from "../http/app/real-app.ts";

test("the page of a restated report shows the age of the last event, unless it looks back", async () => {
  const real = await realApp();
  const { app, ledger } = real;
  const payload = { cluster: "alpha", period: "2026-03", report: "march" };
  const issued = await app.inject({ method: "POST", url: "/v1/reports", payload });
  expect(issued.statusCode, issued.body).toBe(201);
  const { sequence } = await ledger.store.head();
  await ledger.waitFor(sequence, 600_000);
  const textOf = async (query: string) => {
    const { body } = await app.inject(`/v1/reports/march/restated?format=html${query}`);
    return body.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
  };
  expect(await textOf("")).toMatch(/The ledger's last event was recorded 0.ms ago/);
  const past = await textOf(`&asOf=${sequence}`);
  expect(past).toContain("The ledger's last event was recorded at");
  await real.close();
});
