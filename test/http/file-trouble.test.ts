import { mkdirSync, renameSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { anEvent } from "./app/memory-ledger.ts";
import { realApp } from "./app/real-app.ts";

async function servedFile(prepare?: (path: string) => void) {
  const { app, ledger, ...real } = await realApp(prepare === undefined ? {} : { prepare });
  onTestFinished(() => real.close());
  const path = ledger.store.localPath;
  if (path === undefined) throw new Error("no file");
  const readyz = async () => {
    const answer = await app.inject("/readyz");
    return { status: answer.statusCode, ...answer.json<Record<string, unknown>>() };
  };
  const metric = async (name: string) =>
    (await app.inject("/metrics")).body.split("\n").find((line) => line.startsWith(`${name} `));
  const send = () => app.inject({ method: "POST", url: "/v1/events", payload: anEvent() });
  return { path, readyz, metric, send };
}

test("while a ledger's file is missing, appends are refused with a code of their own and the ledger is not ready", async () => {
  const { path, readyz, metric, send } = await servedFile();
  expect(await readyz()).toMatchObject({ status: "ready", troubles: [] });
  renameSync(path, `${path}.away`);
  const refused = await send();
  expect([refused.statusCode, refused.json().code]).toEqual([503, "ledger-file-moved"]);
  expect(await readyz()).toMatchObject({
    status: 503,
    detail: expect.stringContaining(path) as unknown,
    troubles: [{ what: "file" }],
  });
  expect(await metric(`fleetledger_store_trouble{what="file"}`)).toMatch(/ 1$/);
  renameSync(`${path}.away`, path);
  expect(await readyz()).toMatchObject({ status: "ready", troubles: [] });
  expect(await metric(`fleetledger_store_trouble{what="file"}`)).toMatch(/ 0$/);
  expect((await send()).statusCode).toBe(201);
});

test("a failing file of derived data is shown, but the ledger stays ready", async () => {
  const { path, readyz, metric } = await servedFile((file) => mkdirSync(`${file}.derived`));
  expect(await readyz()).toMatchObject({
    status: "ready",
    derivedError: `${path}.derived cannot be read or written: it is a folder, not a file`,
  });
  expect(await metric("fleetledger_derived_failing")).toMatch(/ 1$/);
});
