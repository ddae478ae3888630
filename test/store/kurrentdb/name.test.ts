/** Names of stores in KurrentDB: what is read from them, what is refused, and that no message has a secret. */
import { expect, onTestFinished, test, vi } from "vitest";
import { isLedgerError } from "../../../src/errors.ts";
import { openStore } from "../../../src/ledger/open-store.ts";
import { KurrentDbClient } from "../../../src/store/kurrentdb/client/client.ts";
import { parseKurrentDbName, withDataDir } from "../../../src/store/kurrentdb/client/name.ts";

function refusalOf(name: string): string {
  try {
    parseKurrentDbName(name);
  } catch (error) {
    if (isLedgerError(error, "invalid-request")) return error.message;
    throw error;
  }
  throw new Error(`${name} was taken`);
}

test.each([
  ["foo=1", "unknown setting foo; the settings are tls, tlsCAFile"],
  ["tls=false&tlsVerifyCert=false", "tlsVerifyCert is not supported"],
  ["tls_verify_cert=true", "tlsVerifyCert is not supported"],
  ["tls=no", "tls must be true or false"],
  ["tls", "settings after ? must have the form NAME=VALUE"],
  ["tls=", "tls needs a value"],
  [
    "nodePreference=best",
    "nodePreference must be one of leader, follower, read_only_replica, random",
  ],
  ["keepAliveInterval=soon", "keepAliveInterval must be a whole number"],
  ["tlsCAFile=%zz", "tlsCAFile has a %"],
  ["throwOnAppendFailure=false", "would hide failed appends"],
  ["throw_on_append_failure=false", "would hide failed appends"],
])(
  "a store's name with the settings %s is refused, in words without its password",
  (query, why) => {
    const message = refusalOf(`esdb://admin:SECRETPW@127.0.0.1:2113?${query}`);
    expect(message).toContain(why);
    expect(message).not.toContain("SECRETPW");
  },
);

test.each([
  "esdb://admin:SECRET#SECRET@h:2113?tls=false",
  "esdb://admin:12#SECRET@h:2113?tls=false",
  "esdb://admin:12#SECRET=SECRET@h:2113",
  "esdb://admin:SECRET?SECRET=SECRET@h:2113?tls=false",
  "esdb://admin:12?SECRET=1@h:2113",
  "esdb://admin:SECRET/SECRET@h:2113",
  "esdb://admin:SECRET@SECRET@h:2113",
  "esdb://admin:SECRET:SECRET@h:2113",
  "esdb://admin:SECRET%zz@h:2113",
  "esdb://SECRET%zz:x@h:2113",
  "esdb://SECRET@h:2113",
  "esdb://admin:SECRET@h:port",
  "esdb://admin:SECRET@h:2113#SECRET=SECRET",
  "esdb://admin:SECRET@h:2113#data=%zzSECRET",
])("the message about the unusable name %s shows nothing of it", (name) => {
  expect(refusalOf(name)).not.toContain("SECRET");
  // With the mirror's directory joined to it, as the command line does.
  expect(() => parseKurrentDbName(withDataDir(name, "/mirror"))).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining("SECRET") as unknown }),
  );
});

test("a store name of another form is shown without its user and password", async () => {
  const opening = openStore("eventstore://admin:SECRET@h:2113", "read");
  await expect(opening).rejects.toThrow('"eventstore://…@h:2113" does not name a store');
});

test("the client gets no credentials in the address, and never prints the settings", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  onTestFinished(() => warn.mockRestore());
  const name = parseKurrentDbName(
    "kurrentdb://admin:p%40ss@h1:2113,h2:2114/?tls=true&tls-ca-file=/a@b&connectionName=x&maxDiscoverAttempts=3&defaultDeadline=9000&userCertFile=c&userKeyFile=k&discoveryInterval=50&gossipTimeout=3&nodePreference=readOnlyReplica&keepAliveInterval=-1#prefix=p.",
  );
  expect(name.credentials).toEqual({ username: "admin", password: "p@ss" });
  expect(name.connection).not.toMatch(/admin|p%40ss|p@ss/);
  expect(name.connection).toContain("tlsCAFile=/a%40b");
  expect(name.description).toBe("kurrentdb://h1:2113,h2:2114");
  expect(name.hostConnections.map((each) => each.split("?")[0])).toEqual([
    "esdb://h1:2113",
    "esdb://h2:2114",
  ]);
  // The file is not there: what the client says of that may be shown.
  expect(() => new KurrentDbClient(name)).toThrow("Failed to load certificate file");
  const plain = { ...name, connection: name.connection.replace(/&(tlsCA|user)\w+=[^&]*/g, "") };
  await new KurrentDbClient(plain).dispose();
  expect(warn).not.toHaveBeenCalled();
});

test.each(["control.", "control.x."])(
  "the prefix %s is refused, because leases and marks are kept under it",
  (prefix) => {
    expect(refusalOf(`esdb://h#prefix=${prefix}`)).toContain("the lease and the marks");
  },
);

test.each(["$x.", "x", "", "a b."])("the prefix %j is refused", (prefix) => {
  expect(refusalOf(`esdb://h#prefix=${encodeURIComponent(prefix)}`)).toContain(
    "a word that ends in . or :",
  );
});

test.each([
  ["e+x", "e+x"],
  ["e%20x", "e x"],
  ["e%2Bx", "e+x"],
  ["/a=b", "/a=b"],
  ["/a@b", "/a@b"],
])("the mirror for #data=%s is in the directory %s", (written, dataDir) => {
  const name = `esdb://h:2113?tls=false#prefix=p.&data=${written}`;
  expect(parseKurrentDbName(name)).toMatchObject({ dataDir, prefix: "p." });
});

test.each(["e+x", "e x", "50%", "a#b&c=d", "/ä/@"])(
  "the mirror's directory %s is added to a name unchanged, unless the name already has one",
  (dataDir) => {
    const joined = parseKurrentDbName(withDataDir("esdb://h:2113#prefix=p.", dataDir));
    expect(joined).toMatchObject({ dataDir, prefix: "p." });
    expect(withDataDir("esdb://h#data=here", dataDir)).toBe("esdb://h#data=here");
  },
);
