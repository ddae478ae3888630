/** Proofs from the tree over all events: `/v1/audit/checkpoint`, `/key`, `/proof/{eventId}`, `/consistency`. */
import { z } from "zod";
import { LedgerError } from "../../errors.ts";
import { heldLeaf } from "../../tree/held-leaves.ts";
import type { LedgerTree } from "../../tree/ledger-tree.ts";
import { isGivenAway } from "../../access/scope/visible.ts";
import { proofText } from "../../tree/tlog-proof.ts";
import { verifierText } from "../../tree/signed-note.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { leafStore } from "../../store/leaf-store.ts";
import type { ApiContext } from "./context.ts";
import type { Api, ApiReply } from "../server/api.ts";
import type { PositionQuery } from "../../answers/look-back.ts";
import { positionOf, requireReached, sequenceHeader } from "../query/position.ts";
import { isLookBack } from "../../answers/look-back.ts";
import { checkPosition, positionQuery, wholeNumber } from "../query/query.ts";
import { answers, documented, problemAnswers } from "../../answers/schemas.ts";

const base64 = z.string().describe("Base64 of 32 bytes.");
const hashes = z.array(base64);
const treeSize = (description: string) => wholeNumber(1, Number.MAX_SAFE_INTEGER, description);
const sizeParameter = treeSize(
  "Use the tree over this many events. Default: over all events at this position.",
).optional();
const sizeQuery = z
  .strictObject({
    ...positionQuery,
    size: sizeParameter,
  })
  .superRefine(checkPosition);
const proofQuery = z
  .strictObject({
    ...positionQuery,
    size: sizeParameter,
    format: z
      .enum(["json", "tlog-proof"])
      .optional()
      .describe("tlog-proof: a file for `verify-proof`; default: json."),
  })
  .superRefine(checkPosition);
const checkpoint = z
  .string()
  .nullable()
  .describe("The signed head (C2SP tlog-checkpoint); null if the ledger is served without a key.");

const inclusion = z.strictObject({
  eventId: z.string(),
  sequence: z.int(),
  leafIndex: z.int().describe("Index in the tree, from 0: the sequence minus one."),
  treeSize: z.int(),
  leaf: z
    .string()
    .describe("The event's canonical text (RFC 8785): exactly the bytes that are hashed."),
  leafHash: base64,
  hashes: hashes.describe("The inclusion proof of RFC 6962, section 2.1.1."),
  rootHash: base64,
  checkpoint,
});

const consistency = z.strictObject({
  from: z.int(),
  to: z.int(),
  fromRootHash: base64,
  toRootHash: base64,
  hashes: hashes.describe("The consistency proof of RFC 6962, section 2.1.2."),
  checkpoint,
});

function plain(description: string, example: string) {
  return documented({
    200: { description, content: { "text/plain": { schema: z.string(), example } } },
    ...problemAnswers,
  });
}

export function auditRoutes(app: Api, context: ApiContext): void {
  noteRoutes(app, context);
  inclusionRoute(app, context);
  consistencyRoute(app, context);
}

function noteRoutes(app: Api, { ledger, audit }: ApiContext): void {
  app.get(
    "/v1/audit/checkpoint",
    {
      config: { isSignedNow: true },
      schema: {
        operationId: "getCheckpoint",
        summary: "The signed head of the tree over all events",
        tags: ["audit"],
        description:
          "A C2SP tlog-checkpoint: origin, size, root, and an Ed25519 signature. Keep it: `verify --since` refuses a history that it does not fit.",
        querystring: sizeQuery,
        response: plain(
          "The checkpoint.",
          "ledger.example\n4711\nq2F…=\n\n— ledger.example u7u7…\n",
        ),
      },
    },
    async (request, reply) => {
      audit.requireSigner();
      const head = await treeHead(ledger, await audit.tree(), request.query, reply);
      const { size = head } = request.query;
      requireReached("size", size, head);
      const note = await audit.checkpoint(size);
      return reply.type("text/plain; charset=utf-8").serializer(String).send(note);
    },
  );

  app.get(
    "/v1/audit/key",
    {
      schema: {
        operationId: "getPublicKey",
        summary: "The public key that checkpoints are signed with",
        tags: ["audit"],
        description:
          "A C2SP signed-note verifier key: `name+hash+key`. Get it once over another channel too: anyone who can change the ledger can change this answer.",
        response: plain("The key.", "ledger.example+2f4b1c0d+AbCd…=\n"),
      },
    },
    (_request, reply) => {
      const key = verifierText(audit.requireSigner());
      return reply.type("text/plain; charset=utf-8").serializer(String).send(`${key}\n`);
    },
  );
}

function inclusionRoute(app: Api, { ledger, audit }: ApiContext): void {
  app.get(
    "/v1/audit/proof/:eventId",
    {
      config: { isSignedNow: true },
      schema: {
        operationId: "getInclusionProof",
        summary: "The proof that an event is in the ledger, as it is",
        tags: ["audit"],
        params: z.strictObject({ eventId: z.guid() }),
        querystring: proofQuery,
        response: documented({
          200: {
            description: "The proof: JSON, or a file for `verify-proof` (C2SP tlog-proof).",
            content: {
              "application/json": { schema: inclusion },
              "text/plain": { schema: z.string() },
            },
          },
          ...problemAnswers,
        }),
      },
    },
    async (request, reply) => {
      const id = request.params.eventId.toLowerCase();
      const tree = await audit.tree();
      const head = await treeHead(ledger, tree, request.query, reply);
      const event = await ledger.store.findById(id);
      if (event === null || event.sequence > head) {
        throw new LedgerError("not-found", `There is no event ${id} up to sequence ${head}.`);
      }
      // Its leaf is all of it, which the key does not see (ADR 111).
      if (isGivenAway(event))
        throw new LedgerError("not-found", `There is no proof of event ${id} for this key.`);
      const { sequence } = event;
      const { size = head } = request.query;
      requireReached("size", size, head);
      if (size < sequence) throw notInTree(id, sequence, size);
      const leafHash = await tree.leafHash(sequence);
      const leaf = await heldLeaf(leafStore(ledger.store), sequence, leafHash);
      const proof = await tree.inclusionProof(sequence - 1, size);
      if (request.query.format === "tlog-proof") {
        audit.requireSigner();
        const signed = (await audit.checkpoint(size)) ?? "";
        const index = BigInt(sequence - 1);
        const file = proofText({ leaf, index, hashes: proof, checkpoint: signed });
        return reply
          .type("text/plain; charset=utf-8")
          .header("content-disposition", `attachment; filename="${id}.tlog-proof"`)
          .serializer(String)
          .send(file);
      }
      return {
        eventId: id,
        sequence,
        leafIndex: sequence - 1,
        treeSize: size,
        leaf,
        leafHash: text(leafHash),
        hashes: proof.map(text),
        rootHash: text(await tree.root(size)),
        checkpoint: await audit.checkpoint(size),
      };
    },
  );
}

function consistencyRoute(app: Api, { ledger, audit }: ApiContext): void {
  app.get(
    "/v1/audit/consistency",
    {
      config: { isSignedNow: true },
      schema: {
        operationId: "getConsistencyProof",
        summary: "The proof that a later tree extends an earlier one",
        tags: ["audit"],
        querystring: z
          .strictObject({
            ...positionQuery,
            from: treeSize("Size of the earlier tree."),
            to: treeSize(
              "Size of the later tree. Default: all events at this position.",
            ).optional(),
          })
          .superRefine(checkPosition),
        response: answers("The proof.", consistency),
      },
    },
    async (request, reply) => {
      const { from } = request.query;
      const tree = await audit.tree();
      const head = await treeHead(ledger, tree, request.query, reply);
      const { to = head } = request.query;
      requireReached("to", to, head);
      requireReached("from", from, head);
      if (from > to) {
        throw new LedgerError("invalid-request", "The first tree is larger than the second.", {
          errors: [{ path: "/query/from", message: `must not be after ${to}` }],
        });
      }
      const toRoot = await tree.root(to);
      const fromRoot = await tree.root(from);
      const proof = await tree.consistencyProof(from, to);
      return {
        from,
        to,
        fromRootHash: text(fromRoot),
        toRootHash: text(toRoot),
        hashes: proof.map(text),
        checkpoint: await audit.checkpoint(to),
      };
    },
  );
}

/** The tree over the events that the read sees: all stored events, unless it looks back. */
async function treeHead(
  ledger: Ledger,
  tree: LedgerTree,
  query: PositionQuery,
  reply: ApiReply,
): Promise<number> {
  if (isLookBack(query)) return await positionOf(ledger, query, reply);
  if (query.minSequence !== undefined) await positionOf(ledger, query, reply);
  const head = await tree.catchUp();
  reply.header(sequenceHeader, String(head));
  return head;
}

function text(hash: Uint8Array): string {
  return Buffer.from(hash).toString("base64");
}

function notInTree(id: string, sequence: number, size: number): LedgerError {
  return new LedgerError(
    "invalid-request",
    `Event ${id} has sequence ${sequence}, so it is not in the tree over the first ${size} events.`,
    { errors: [{ path: "/query/size", message: `must be at least ${sequence}` }] },
  );
}
