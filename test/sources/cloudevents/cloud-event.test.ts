import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { LedgerError } from "../../../src/errors.ts";
import { readCloudEvent } from "../../../src/sources/cloudevents/cloud-event.ts";
import { readCloudEvents } from "../../../src/sources/cloudevents/read-cloud-events.ts";
import { submissionOf } from "../../../src/sources/cloudevents/submission.ts";
import { stableId } from "../../../src/events/fields/stable-id.ts";
import { hasPayloads, payloads } from "../payloads/deliveries.ts";

interface Vectors {
  readonly valid: readonly { readonly id: string; readonly event: unknown }[];
  readonly invalid: readonly { readonly id: string; readonly event: unknown }[];
}

const vectors: Vectors = hasPayloads
  ? (JSON.parse(readFileSync(`${payloads}cloudevents/conformance-events.json`, "utf8")) as Vectors)
  : { valid: [], invalid: [] };

describe.skipIf(!hasPayloads)("the conformance vectors of CloudEvents", () => {
  test("are ten valid and 25 invalid ones", () => {
    expect([vectors.valid.length, vectors.invalid.length]).toEqual([10, 25]);
  });

  test.each(vectors.valid)("$id is taken", ({ event }) => {
    expect(readCloudEvent(event)).toEqual(event);
  });

  test.each(vectors.invalid)("$id is refused", ({ event }) => {
    expect(readCloudEvent(event)).toBeInstanceOf(LedgerError);
  });
});

const data = { cluster: "alpha", node: "gpu0001", faultId: "x1", category: "hardware" };
const event = {
  specversion: "1.0",
  id: "A1",
  source: "/sensors/7",
  type: "io.fleetledger.NodeFailed",
  time: "2026-03-01T10:00:00.123456Z",
  data,
};

describe("a request", () => {
  const json = "application/cloudevents+json";

  test("is structured, whatever the case of its media type and its parameters", () => {
    const request = {
      contentType: "Application/CloudEvents+JSON; charset=UTF-8",
      headers: {},
      body: event,
    };
    expect(readCloudEvents(request)).toEqual({ single: true, events: [event] });
  });

  test("is a batch, in which one bad event refuses itself alone", () => {
    const request = {
      contentType: "application/cloudevents-batch+json",
      headers: {},
      body: [event, {}],
    };
    const { single, events } = readCloudEvents(request);
    expect([single, events[0], events[1] instanceof LedgerError]).toEqual([false, event, true]);
    expect(() => readCloudEvents({ ...request, body: event })).toThrow(/is a list/);
  });

  const headers = {
    "ce-specversion": "1.0",
    "ce-id": "A1",
    "ce-source": "/sensors/7",
    "ce-type": "io.fleetledger.NodeFailed",
    "ce-correlationid": "ticket%207",
    host: "ledger",
  };

  test("is binary with its attributes in headers, percent-decoded once", () => {
    const request = { contentType: "application/json", headers, body: data };
    expect(readCloudEvents(request)).toMatchObject({
      single: true,
      events: [{ id: "A1", correlationid: "ticket 7", data, datacontenttype: "application/json" }],
    });
  });

  test.each([
    ['"a \\"b\\" %25"', 'a "b" %'],
    ["Euro%20%E2%82%AC", "Euro €"],
    ["%2541", "%41"],
    ['"', '"'],
  ])("has a header %s that is read as %s", (said, read) => {
    const request = {
      contentType: "application/json",
      headers: { ...headers, "ce-ticket": said },
      body: data,
    };
    expect(readCloudEvents(request).events).toMatchObject([{ ticket: read }]);
  });

  test.each(["%E2%82", "%ZZ", "%"])("has a header %s that is no UTF-8, and is refused", (said) => {
    const request = {
      contentType: "application/json",
      headers: { ...headers, "ce-ticket": said },
      body: data,
    };
    const [refused] = readCloudEvents(request).events;
    expect(refused).toMatchObject({
      message: "invalid CloudEvent: ce-ticket is not percent-encoded UTF-8",
    });
  });

  test("of another media type and without attributes in headers is none", () => {
    expect(() => readCloudEvents({ contentType: "text/plain", headers: {}, body: "" })).toThrow(
      expect.objectContaining({ code: "unsupported-media-type" }),
    );
    expect(() => readCloudEvents({ contentType: json, headers: {}, body: [] })).not.toThrow();
  });
});

describe("a CloudEvent of the ledger's own types", () => {
  test("is a fact whose id comes of source and id, with its extensions in the envelope", () => {
    const said = {
      correlationid: "t7",
      causationid: "c",
      reason: "r",
      ticket: "T",
      schemaversion: 1,
    };
    expect(
      submissionOf({ ...event, ...said, specversion: "1.0", other: "x", subject: "s" }),
    ).toEqual({
      id: stableId(["cloudevents", "/sensors/7", "A1"]),
      type: "NodeFailed",
      occurredAt: event.time,
      data,
      source: "/sensors/7",
      correlationId: "t7",
      causationId: "c",
      reason: "r",
      ticket: "T",
      schemaVersion: 1,
    });
  });

  test("may have its data in base64", () => {
    const encoded = Buffer.from(JSON.stringify(data)).toString("base64");
    const { data: _data, ...rest } = event;
    expect(submissionOf({ ...rest, specversion: "1.0", data_base64: encoded })).toMatchObject({
      data,
    });
  });

  test("with a name that stands twice in its base64 is refused, as in every body", () => {
    const twice = Buffer.from('{"node":"n1","node":"n2"}').toString("base64");
    const { data: _data, ...rest } = event;
    expect(submissionOf({ ...rest, specversion: "1.0", data_base64: twice })).toMatchObject({
      message: "invalid CloudEvent: /data_base64 /node appears twice in one object",
    });
  });

  test.each([
    [{ time: null }, "invalid-event", "/time"],
    [{ datacontenttype: "text/xml" }, "invalid-event", "/datacontenttype"],
    [{ data: undefined, data_base64: "AAAA" }, "invalid-event", "/data_base64"],
    [{ data: undefined, data_base64: "/w==" }, "invalid-event", "/data_base64"],
    [{ schemaversion: true }, "invalid-event", "/schemaversion"],
    [{ schemaversion: "one" }, "invalid-event", "/schemaversion"],
    [{ type: "com.example.thing" }, "unknown-event-type", "/type"],
  ])("with %j is refused as %s at %s", (change, code, path) => {
    expect(submissionOf({ ...event, specversion: "1.0", ...change })).toMatchObject({
      code,
      errors: [{ path }],
    });
  });
});
