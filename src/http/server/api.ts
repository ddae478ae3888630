/** The application's fastify types, with zod's schemas. */
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RawServerDefault,
} from "fastify";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ZodTypeProvider } from "fastify-type-provider-zod";

declare module "fastify" {
  interface FastifyInstance {
    /** How long a read waits for its `minSequence`, in milliseconds. */
    readonly readWaitMs: number;
  }
}

/** The application while routes are added to it; their schemas are zod's. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export type ApiRequest = FastifyRequest;
export type ApiReply = FastifyReply;
