import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openCheckpoint } from "../../src/tree/checkpoint.ts";
import { hashLeaf } from "../../src/events/canonical/merkle-hash.ts";
import { verifyInclusion } from "../../src/tree/merkle-verify.ts";
import { isConsistent } from "../tree/outside-verifier.ts";
import { parseVerifier } from "../../src/tree/signed-note.ts";
import { verifyProof } from "../../src/verify/verify-proof.ts";
import { auditedApp } from "./app/audited-app.ts";
import type { AuditedApp } from "./app/audited-app.ts";
import { history } from "./app/small-app.ts";

const because = { actor: "Ann", reason: "it was another node" };
const fault = String(history[3]?.["id"]);

let ledger: AuditedApp;

beforeEach(async () => {
  ledger = await auditedApp();
});

afterEach(async () => {
  await ledger.close();
});

const bytes = (text: unknown) => Buffer.from(String(text), "base64");
const all = (list: unknown) => (list as string[]).map(bytes);

describe("a checkpoint", () => {
  test("is signed with the published key, over all events", async () => {
    const { text: key } = await ledger.get("/v1/audit/key");
    expect(key.trim()).toBe(ledger.verifierKey);
    const { text, headers } = await ledger.get("/v1/audit/checkpoint");
    expect(headers["content-type"]).toMatch(/^text\/plain/);
    const head = openCheckpoint(text, parseVerifier(key));
    expect(head).toMatchObject({ origin: "ledger.example", size: 12n });
  });

  test("as of a position covers the events up to it, even if there are none", async () => {
    const size = await ledger.get("/v1/audit/checkpoint?size=5");
    const { text, headers } = await ledger.get("/v1/audit/checkpoint?asOf=5");
    expect([text, headers["fleetledger-sequence"]]).toEqual([size.text, "5"]);
    const none = await ledger.get("/v1/audit/checkpoint?asOf=0");
    const head = openCheckpoint(none.text, parseVerifier(ledger.verifierKey));
    expect(head.size).toBe(0n);
    expect(head.root.toString("hex")).toBe(createHash("sha256").digest("hex"));
    expect((await ledger.get("/v1/audit/checkpoint?asOf=5&size=6")).status).toBe(422);
  });

  test("over an earlier size never changes", async () => {
    const first = await ledger.get("/v1/audit/checkpoint?size=5");
    await ledger.post(`/v1/events/${fault}/retraction`, because);
    await ledger.restart();
    expect((await ledger.get("/v1/audit/checkpoint?size=5")).text).toBe(first.text);
  });

  test("is refused without a key, while proofs are given without one", async () => {
    await ledger.close();
    ledger = await auditedApp({ withKey: false });
    const { status, json } = await ledger.get("/v1/audit/checkpoint");
    expect([status, json["code"]]).toEqual([409, "no-signing-key"]);
    expect((await ledger.get("/v1/audit/key")).status).toBe(409);
    const proof = await ledger.get(`/v1/audit/proof/${fault}`);
    expect([proof.status, proof.json["checkpoint"]]).toEqual([200, null]);
  });
});

describe("a proof of inclusion", () => {
  test("of every event is valid under the checkpoint", async () => {
    const verifier = parseVerifier(ledger.verifierKey);
    for (const event of history) {
      const { json } = await ledger.get(`/v1/audit/proof/${String(event["id"])}`);
      const head = openCheckpoint(String(json["checkpoint"]), verifier);
      const claim = {
        leafIndex: BigInt(Number(json["leafIndex"])),
        treeSize: head.size,
        leafHash: hashLeaf(String(json["leaf"])),
        proof: all(json["hashes"]),
        root: head.root,
      };
      expect(json["leafIndex"]).toBe(Number(json["sequence"]) - 1);
      expect(claim.leafHash).toEqual(bytes(json["leafHash"]));
      expect(verifyInclusion(claim)).toBe(true);
      expect(JSON.parse(String(json["leaf"]))).toMatchObject({ id: event["id"] });
    }
  });

  test("is also given as a file for verify-proof, if there is a key to sign with", async () => {
    const { text, headers } = await ledger.get(`/v1/audit/proof/${fault}?format=tlog-proof&asOf=9`);
    expect(headers["content-disposition"]).toBe(`attachment; filename="${fault}.tlog-proof"`);
    const keys = { verifier: parseVerifier(ledger.verifierKey), witnesses: [] };
    const { findings, lines } = verifyProof(Buffer.from(text), keys);
    expect(findings).toEqual([]);
    expect(lines.find(({ what }) => what === "tree")?.words).toContain("9 events");
    const keyless = await auditedApp({ withKey: false });
    const refused = await keyless.get(`/v1/audit/proof/${fault}?format=tlog-proof`);
    await keyless.close();
    expect([refused.status, refused.json["code"]]).toEqual([409, "no-signing-key"]);
  });

  test("is refused in a tree that does not contain the event, or that does not exist yet", async () => {
    expect((await ledger.get(`/v1/audit/proof/${fault}?size=1`)).status).toBe(400);
    expect((await ledger.get(`/v1/audit/proof/${fault}?size=13`)).status).toBe(422);
    const other = "00000000-0000-4000-8000-000000000000";
    expect((await ledger.get(`/v1/audit/proof/${other}`)).status).toBe(404);
  });
});

describe("a proof of consistency", () => {
  test("between any two sizes is valid", async () => {
    for (let to = 1; to <= 12; to++) {
      for (let from = 1; from <= to; from++) {
        const { json } = await ledger.get(`/v1/audit/consistency?from=${from}&to=${to}`);
        const first = { size: BigInt(from), root: bytes(json["fromRootHash"]) };
        const second = { size: BigInt(to), root: bytes(json["toRootHash"]) };
        expect(isConsistent(first, second, all(json["hashes"]))).toBe(true);
      }
    }
  });

  test.each([
    ["from nothing", "from=0", 400],
    ["backwards", "from=9&to=5", 400],
    ["past the head", "from=1&to=99", 422],
    ["from past the head", "from=99", 422],
    ["to past the position", "from=1&to=6&asOf=5", 422],
    ["from past the position", "from=6&asOf=5", 422],
  ])("%s is refused", async (_, query, status) => {
    expect((await ledger.get(`/v1/audit/consistency?${query}`)).status).toBe(status);
  });
});

describe("a fact's history", () => {
  test("consists of the original, its amendments at any depth, and its state after each", async () => {
    const corrected = await ledger.post(`/v1/events/${fault}/corrections`, {
      ...because,
      data: { cluster: "alpha", node: "n2", faultId: "f1", category: "network" },
    });
    const id = String(corrected.json["id"]);
    await ledger.post(`/v1/events/${id}/retraction`, because);
    await ledger.settled();
    const { json } = await ledger.get(`/v1/events/${fault}`);
    expect(json["data"]).toMatchObject({ node: "n1" });
    expect(json["amendedBy"]).toHaveLength(2);
    expect(json["standing"]).toMatchObject({ retracted: false, data: { node: "n1" } });
    const nodes = (json["history"] as { data: { node: string } }[]).map(({ data }) => data.node);
    expect(nodes).toEqual(["n1", "n2", "n1"]);
    const { json: then } = await ledger.get(`/v1/events/${fault}?asOf=13`);
    expect(then["standing"]).toMatchObject({ data: { node: "n2" } });
    const { json: correction } = await ledger.get(`/v1/events/${id}`);
    expect(correction["standing"]).toMatchObject({ retracted: true });
  });

  test("is a page that shows the event as of now, or as of a position", async () => {
    await ledger.post(`/v1/events/${fault}/retraction`, because);
    await ledger.settled();
    const { text: now } = await ledger.get(`/events/${fault}`);
    expect(now).toContain("Retracted: the fact has no effect");
    expect(now).toContain(because.reason);
    const { text: then } = await ledger.get(`/events/${fault}?asOf=12`);
    expect(then).toContain("As it stood at #12");
    expect(then).not.toContain("Retracted:");
    expect(then).not.toContain(because.reason);
  });

  test("gets one correction, however often it is sent with its Idempotency-Key", async () => {
    const body = { ...because, occurredAt: "2026-03-02T01:00:00Z" };
    const key = { "idempotency-key": "c1" };
    const first = await ledger.post(`/v1/events/${fault}/corrections`, body, key);
    const second = await ledger.post(`/v1/events/${fault}/corrections`, body, key);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.json["sequence"]).toBe(first.json["sequence"]);
  });

  test.each([
    ["without a reason", "corrections", { actor: "Ann", occurredAt: "2026-03-02T01:00:00Z" }, 400],
    ["without an actor", "retraction", { reason: "no" }, 400],
    ["that says nothing new", "corrections", because, 400],
    ["that does not fit the type", "corrections", { ...because, data: { cluster: "alpha" } }, 400],
  ])("refuses a correction %s", async (_, route, body, status) => {
    expect((await ledger.post(`/v1/events/${fault}/${route}`, body)).status).toBe(status);
  });

  test("refuses corrections of missing events and of system events", async () => {
    const other = "00000000-0000-4000-8000-000000000000";
    expect((await ledger.post(`/v1/events/${other}/retraction`, because)).status).toBe(422);
    const { json } = await ledger.post("/v1/reports", { cluster: "alpha", period: "2026-03" });
    const own = await ledger.post(`/v1/events/${String(json["eventId"])}/retraction`, because);
    expect([own.status, own.json["code"]]).toEqual([422, "target-not-found"]);
  });
});

describe("every read", () => {
  const reads = [
    "/v1/events?limit=5",
    `/v1/events/${fault}`,
    "/v1/clusters",
    "/v1/clusters/alpha/summary",
    "/v1/nis",
    "/v1/mttr?period=2026-03",
    "/v1/job-uptime",
    "/v1/data-quality",
    "/v1/jobs/alpha/train",
    "/v1/nodes/alpha/n1",
    "/v1/rollouts",
    "/v1/rollouts/blocked",
    "/v1/nfz",
    "/v1/sla?cluster=alpha&period=2026-03",
    "/v1/sla?cluster=alpha&period=2026-04&format=csv",
    "/v1/reports",
  ];
  const as = (url: string, position: string) => `${url}${url.includes("?") ? "&" : "?"}${position}`;

  test.each(reads)("%s gives the same bytes as of a position, for ever", async (url) => {
    const first = await ledger.get(as(url, "asOf=12"));
    expect(first.status).toBe(200);
    await ledger.post("/v1/reports", { cluster: "alpha", period: "2026-03" });
    await ledger.post(`/v1/events/${fault}/retraction`, because);
    await ledger.post("/v1/events", {
      id: "00000000-0000-4000-8000-000000000002",
      type: "SlaPolicySet",
      occurredAt: "2026-02-01T00:00:00Z",
      data: {
        cluster: "alpha",
        nisTarget: 0.5,
        jobUptimeTarget: 0.5,
        mttrTargetMs: 1,
        noticeHours: 0,
        monthlyAllowanceNodeHours: 100,
        excludeUnknown: true,
        zone: "Asia/Tokyo",
      },
    });
    await ledger.settled();
    expect((await ledger.get(as(url, "asOf=12"))).text).toBe(first.text);
    await ledger.restart();
    expect((await ledger.get(as(url, "asOf=12"))).text).toBe(first.text);
  });

  test.each(reads)(
    "%s accepts an instant of recording, and refuses a position past the head",
    async (url) => {
      const address = as(url, "asOfTime=2026-04-15T12:00:00Z");
      const tooEarly = await ledger.get(address);
      expect([tooEarly.status, tooEarly.json["code"]]).toEqual([422, "position-past-head"]);
      expect(tooEarly.json["detail"]).toContain("2026-04-15T12:00:00.000Z is in the future");
      ledger.advance(1);
      const byTime = await ledger.get(address);
      expect(byTime.text).toBe((await ledger.get(as(url, "asOf=12"))).text);
      const past = await ledger.get(as(url, "asOf=13"));
      expect([past.status, past.json["code"]]).toEqual([422, "position-past-head"]);
    },
  );
});
