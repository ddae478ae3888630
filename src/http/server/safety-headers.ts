/** Headers that tell browsers what pages may do: load from here, and nothing else. */
import helmet from "@fastify/helmet";
import fastify from "fastify";
import type { ServerResponse } from "node:http";
import type { Api } from "./api.ts";

/** The types of node:http know this of requests alone. */
interface SpelledNames {
  getRawHeaderNames(): string[];
}

const settings: Parameters<typeof helmet>[1] = {
  // Without a referrer a browser sends a form with `Origin: null`, which is refused: no one could log in.
  referrerPolicy: { policy: "same-origin" },
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      imgSrc: ["'self'", "data:", "blob:"],
      fontSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  // It serves plain HTTP on loopback by default; a TLS proxy sets this header itself.
  strictTransportSecurity: false,
};

/** Every answer gets the same headers, so helmet makes them once: it would do so again for each request. */
export async function addSafetyHeaders(app: Api): Promise<void> {
  const made = [...(await helmetHeaders())];
  app.addHook("onRequest", (_request, reply, next) => {
    for (const [name, value] of made) reply.raw.setHeader(name, value);
    next();
  });
}

/** What helmet adds to an answer, with its spelling of the names. */
async function helmetHeaders(): Promise<ReadonlyMap<string, string>> {
  const probe = fastify();
  await probe.register(helmet, settings);
  const made = new Map<string, string>();
  // Until it is written, the answer has helmet's headers alone.
  probe.get("/", async (_request, reply) => {
    const raw = reply.raw as ServerResponse & SpelledNames;
    for (const name of raw.getRawHeaderNames()) made.set(name, String(raw.getHeader(name)));
    return "";
  });
  await probe.inject("/");
  await probe.close();
  return made;
}
