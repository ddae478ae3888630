/** Headers that tell browsers what pages may do: load from here, and nothing else. */
import helmet from "@fastify/helmet";
import type { Api } from "./api.ts";

export async function addSafetyHeaders(app: Api): Promise<void> {
  await app.register(helmet, {
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
  });
}
