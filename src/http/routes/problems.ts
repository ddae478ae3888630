/** `/problems` and `/problems/{code}`: the pages that the `type` of a problem document points to. */
import { z } from "zod";
import type { ErrorCode } from "../../errors.ts";
import { LedgerError, errorCatalogue } from "../../errors.ts";
import { errorPage, errorsPage } from "../../dashboard/lists/problem-pages.ts";
import type { Api } from "../server/api.ts";

export function problemRoutes(app: Api): void {
  app.get("/problems", { schema: { hide: true } }, (_request, reply) =>
    reply.type("text/html; charset=utf-8").send(errorsPage()),
  );
  app.get(
    "/problems/:code",
    { schema: { hide: true, params: z.strictObject({ code: z.string() }) } },
    (request, reply) => {
      const { code } = request.params;
      if (!Object.hasOwn(errorCatalogue, code)) {
        throw new LedgerError("not-found", "There is no error with that code.");
      }
      return reply.type("text/html; charset=utf-8").send(errorPage(code as ErrorCode));
    },
  );
}
