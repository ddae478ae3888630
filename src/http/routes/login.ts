/** `/login` and `/logout`: a browser sends its key once, and has a cookie from then on. */
import type { Access } from "../../access/access.ts";
import { loadAssets } from "../../dashboard/build/assets.ts";
import { loginPage } from "../../dashboard/frame/login-page.ts";
import { maxLoginBytes } from "../../limits/access.ts";
import { environmentKey } from "../access/sessions.ts";
import type { Sessions } from "../access/sessions.ts";
import type { Api, ApiReply, ApiRequest } from "../server/api.ts";

interface LoginOptions {
  readonly sessions: Sessions;
  /** What a key may do; `null` if it does not hold. */
  readonly accessWith: (key: string) => Access | null;
}

const closed =
  "A browser can log in over TLS, or on the machine itself: what is sent here can be overheard. Put a proxy with TLS in front of the ledger and start it with --public-url https://…";

/** In a scope of their own, so that no other address takes a form. */
export async function addLogin(app: Api, options: LoginOptions): Promise<void> {
  await app.register(async (own) => {
    own.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string", bodyLimit: maxLoginBytes },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    );
    loginRoutes(own, options);
  });
}

function loginRoutes(app: Api, { sessions, accessWith }: LoginOptions): void {
  const assets = loadAssets();
  const send = (
    request: ApiRequest,
    reply: ApiReply,
    to: string,
    failure: string | null = null,
  ): ApiReply => {
    const isClosed = sessions.cookieName(request) === null;
    const name = request.access?.name ?? null;
    const state = { to, name, failure, closed: isClosed ? closed : null };
    return reply
      .type("text/html; charset=utf-8")
      .header("cache-control", "no-store")
      .send(loginPage(assets, state));
  };
  app.get("/login", { schema: { hide: true } }, (request, reply) => {
    const { to } = request.query as { readonly to?: unknown };
    return send(request, reply, pathOf(to));
  });
  app.post("/login", { schema: { hide: true } }, (request, reply) => {
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    const to = pathOf(form.get("to"));
    const cookie = sessions.cookieName(request);
    if (cookie === null) return send(request, reply.code(403), to);
    const access = accessWith(form.get("key")?.trim() ?? "");
    if (access === null) {
      return send(request, reply.code(401), to, "This key is wrong, or no longer holds.");
    }
    return reply
      .header("set-cookie", sessions.begun(cookie, access.key ?? environmentKey))
      .header("cache-control", "no-store")
      .redirect(to, 303);
  });
  app.post("/logout", { schema: { hide: true } }, (request, reply) => {
    const cookie = sessions.cookieName(request);
    if (cookie !== null) reply.header("set-cookie", sessions.ended(cookie));
    return reply.header("cache-control", "no-store").redirect("/login", 303);
  });
}

/** A path of this ledger; anything else, which could lead to another site, is the first page. */
function pathOf(to: unknown): string {
  return typeof to === "string" && /^\/(?![/\\])[\x21-\x7e]{0,2000}$/.test(to) ? to : "/";
}
