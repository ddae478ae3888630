import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import { Projector } from "../../src/read-model/projector.ts";
import { randomHistory } from "../histories/random-history.ts";
import { expectPlain, longHistory, newPath, sizes, started } from "./kept-file.ts";
import { documentOf } from "./document-of.ts";
import { randomRequest } from "../histories/random-request.ts";
import { randomSource } from "../histories/random-source.ts";
import { soakRuns } from "../random-runs.ts";
import { ListStore } from "./list-store.ts";
import { rawHistory, storedHistory } from "./stored-history.ts";
import { viewJson } from "./view-json.ts";

describe("states that are kept in a file", () => {
  test("give the document of the plain fold for any period, as of any position", async () => {
    let states = 0;
    for (let seed = 1; seed <= soakRuns(80, 25); seed++) {
      const history = randomHistory(seed, { maxEvents: 120 });
      const events = storedHistory(history);
      const random = randomSource(seed);
      const path = newPath(`states-${seed}`);
      const place = { path, mode: "write" as const, sizes: { segmentEvents: 8, factsPerState: 1 } };
      const before = new Projector(new ListStore(events.slice(0, random.between(0, 120))), place);
      await before.start();
      await before.stop();
      states += readFileSync(path, "latin1").split('"carried":').length - 1;
      const projector = new Projector(new ListStore(events), place);
      await projector.start();
      for (let each = 0; each < 4; each++) {
        const request = randomRequest(seed * 4 + each, history);
        const P = random.pick([events.length, random.between(0, events.length)]);
        const plain = plainClusterViewAt(rawHistory(events), request.cluster, P);
        const document = documentOf(projector.model.view(request.cluster, P), request);
        expect(document, `seed ${seed}, P ${P}`).toEqual(documentOf(plain, request));
      }
      await projector.stop();
    }
    expect(states).toBeGreaterThan(soakRuns(80, 25));
  });
});

describe("a file that another program changes while it is being read", () => {
  test("is rebuilt if it cannot be read: the log says so, and figures are right afterwards", async () => {
    const events = longHistory(21);
    const path = newPath("changed");
    await (await started(new ListStore(events), path)).stop();
    const said: string[] = [];
    const projector = new Projector(new ListStore(events), {
      path,
      mode: "write",
      // Nothing that was read stays, so that it is read again.
      sizes: { ...sizes, maxKeptPartBytes: 0 },
      say: (text) => said.push(text),
    });
    await projector.start();
    const whole = readFileSync(path);
    writeFileSync(path, Buffer.alloc(whole.length, 7));
    const read = () => viewJson(projector.model.view("c1", events.length));
    expect(read).toThrow(expect.objectContaining({ code: "rebuilding" }));
    expect(said).toEqual([expect.stringContaining(`another program changed ${path}`)]);
    await projector.rebuild();
    expectPlain(projector.model, events, "made again");
    await projector.stop();
    expect(readFileSync(path).equals(whole)).toBe(true);
  });
});
