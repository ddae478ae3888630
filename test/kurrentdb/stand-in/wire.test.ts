/** The stand-in answers as a real server does, as far as the ledger's store relies on it. */
import { afterAll, describe } from "vitest";
import { sayWhySkipped, sharedServer, stopSharedServer, whyNoServer } from "../server.ts";
import { startStandIn } from "./stand-in.ts";
import { wireContract } from "./wire-contract.ts";

sayWhySkipped(whyNoServer);
afterAll(stopSharedServer);

describe("the stand-in for KurrentDB", () => {
  wireContract(async () => (await startStandIn()).url);
});

describe.skipIf(whyNoServer !== null)("a real KurrentDB", () => {
  wireContract(sharedServer);
});
