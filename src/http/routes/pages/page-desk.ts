/** What all pages of an application share: files, the live stand, and panels that are kept. */
import { seesCluster } from "../../../access/access.ts";
import type { FastifyBaseLogger } from "fastify";
import { banner } from "../../../dashboard/frame/document.ts";
import { MadeOnce } from "../../../dashboard/frame/made-once.ts";
import { LiveStand } from "../../../dashboard/frame/live-stand.ts";
import type { PageContext, PageDefinition, PanelMaker } from "../../../dashboard/frame/page.ts";
import { failedPanel } from "../../../dashboard/frame/panel.ts";
import { withTableLinks } from "../../../dashboard/tables/table-links.ts";
import { SharedResults } from "../../../dashboard/frame/shared-results.ts";
import type { DashboardAssets } from "../../../dashboard/build/assets.ts";
import { loadAssets } from "../../../dashboard/build/assets.ts";
import { atPosition } from "../../../dashboard/frame/figures.ts";
import { whyStopped } from "../../../answers/store-status.ts";
import { errorCatalogue, isLedgerError } from "../../../errors.ts";
import { type Html, html } from "../../../reports/html/html.ts";
import { sealTrouble } from "../../../sinks/notices/of-seals.ts";
import { clockWarning, simulationNote } from "../../../ledger/clock-state.ts";
import { ledgerErrorOf } from "../../server/problem.ts";
import { keptPageBytes, keptPanelBytes } from "../../../limits/pages.ts";
import type { SharedAnswer } from "../../encoding/shared-answer.ts";
import { sharedAnswer, sharedBytes } from "../../encoding/shared-answer.ts";
import type { ApiContext } from "../context.ts";

/** A panel, or what stands in its place. */
interface Panel extends Html {
  readonly isMade: boolean;
}

export class PageDesk {
  readonly api: ApiContext;
  readonly assets: DashboardAssets = loadAssets();
  readonly results = new SharedResults();
  readonly live: LiveStand;
  readonly #panels = new MadeOnce<string>(keptPanelBytes, (text) => 2 * text.length);
  readonly #answers = new MadeOnce<SharedAnswer>(keptPageBytes, sharedBytes);

  readonly log: FastifyBaseLogger;

  constructor(api: ApiContext, log: FastifyBaseLogger) {
    this.api = api;
    this.live = new LiveStand(api.ledger);
    this.log = log;
    if (this.assets.warning !== null) log.warn(this.assets.warning);
  }

  /** The page's panels at a stand, by id; one that fails says so in its place. */
  async panels(page: PageDefinition, context: PageContext): Promise<ReadonlyMap<string, Panel>> {
    const made = new Map<string, Panel>();
    for (const [id, make] of Object.entries(page.panels(context))) {
      made.set(id, await this.#panel(page, id, make, context));
    }
    return made;
  }

  /** One of the page's panels; `null` if it has none of that id. */
  async panel(page: PageDefinition, id: string, context: PageContext): Promise<string | null> {
    const panels = page.panels(context);
    const make = Object.hasOwn(panels, id) ? panels[id] : undefined;
    return make === undefined ? null : (await this.#panel(page, id, make, context)).html;
  }

  /** The whole page as `write` writes it around its panels and banners; its viewers share the answer. */
  async whole(
    page: PageDefinition,
    context: PageContext,
    write: (panels: ReadonlyMap<string, Html>, banners: readonly Html[]) => Promise<string>,
  ): Promise<SharedAnswer> {
    const panels = await this.panels(page, context);
    const banners = await this.banners();
    const make = async () => sharedAnswer(await write(panels, banners));
    const isMade = [...panels.values()].every((panel) => panel.isMade);
    if (page.isOfProcess === true || !isMade) return await make();
    // The header names the reader; banners say how the ledger is now, at whatever stand.
    const now = JSON.stringify([context.reader.session, banners.map((each) => each.html)]);
    return await this.#answers.get(`${keyOf("page", context)} ${now}`, make);
  }

  /** Those that differ from what `shown` shows, as `write` writes them; viewers of the same page share the answer. */
  async changes(
    page: PageDefinition,
    context: PageContext,
    shown: PageContext,
    write: (fragments: Readonly<Record<string, string>>, ids: readonly string[]) => string,
  ): Promise<SharedAnswer> {
    const key = `${keyOf("changes", context)} since ${standKey(shown)}`;
    return await this.#answers.get(key, async () => {
      const startMs = performance.now();
      const fragments: Record<string, string> = {
        banners: (await this.banners()).map((each) => each.html).join(""),
      };
      const makers = Object.entries(page.panels(context));
      for (const [id, make] of makers) {
        const { html: text } = await this.#panel(page, id, make, context);
        if (text !== (await this.#panels.peek(keyOf(id, shown)))) {
          fragments[id] = atPosition(text, context.stand.sequence);
        }
      }
      this.live.tookMs(performance.now() - startMs);
      const ids = makers.map(([id]) => id);
      return sharedAnswer(write(fragments, ids));
    });
  }

  /** What makes the figures of every page doubtful, who is not told of them any more, and that a fleet is simulated. */
  async banners(): Promise<Html[]> {
    const { ledger, part, audit, webhooks } = this.api;
    const stopped = whyStopped(ledger.store);
    const state = await ledger.clockState();
    const clock = clockWarning(state);
    const simulation = simulationNote(state);
    const seals = sealTrouble(audit.sealing(), Math.floor(this.api.clock.nowMs()));
    // Webhooks are the operator's own: whoever reads a part of the ledger does not learn where it goes.
    const silent = (part === null ? await webhooks?.stopped() : null) ?? [];
    const words = [
      stopped === null
        ? null
        : banner(
            "alarm",
            `Not to be trusted: ${stopped}. No events are accepted, and these figures come from this instance's mirror; /readyz says more.`,
          ),
      clock === null ? null : banner("alarm", `${clock} /readyz says more.`),
      ...this.#silentSources(),
      seals === null ? null : banner("notice", `Seals are behind: ${seals}.`),
      ...silent.map(({ name, why }) =>
        banner(
          "notice",
          html`The webhook ${name} has stopped: ${why}. <a href="/webhooks">Webhooks</a>`,
        ),
      ),
      simulation === null ? null : banner("remark", simulation),
    ];
    return words.filter((each) => each !== null);
  }

  #silentSources(): (Html | null)[] {
    const { part, sources } = this.api;
    const { log, silence } = sources;
    const seen = part ?? { clusters: null };
    const silent = log
      .all()
      .filter(({ source: { name } }) => silence.of(name).isSilent)
      .filter(({ source }) => seesCluster(seen, source.cluster));
    return silent.map(({ source: { name, cluster } }) =>
      banner(
        "notice",
        html`The source ${name} is silent: the nodes of ${cluster} are unobserved, which is not
          down. <a href="/sources">Sources</a>`,
      ),
    );
  }

  async #panel(
    page: PageDefinition,
    id: string,
    make: PanelMaker,
    context: PageContext,
  ): Promise<Panel> {
    try {
      const write = async () =>
        withTableLinks((await make()).html, id, (table) => context.here({ table }));
      if (page.isOfProcess === true) return { html: await write(), isMade: true };
      return { html: await this.#panels.get(keyOf(id, context), write), isMade: true };
    } catch (error) {
      const known = ledgerErrorOf(error);
      // The page itself is refused where what it is about does not exist, or is of no period that the ledger knows.
      if (isLedgerError(error, "not-found")) throw error;
      if (id === "headline" && known.code === "period-refused") throw known;
      const { title, status } = errorCatalogue[known.code];
      if (status >= 500) this.log.error({ err: error, panel: id }, "panel failed");
      const words = { code: known.code, title, detail: known.message };
      return { ...failedPanel(id, words, context.here({})), isMade: false };
    }
  }
}

function keyOf(id: string, context: PageContext): string {
  return `${context.path}?${context.written.toString()} ${context.origin} ${context.reader.rights} ${id} ${standKey(context)}`;
}

function standKey({ stand: { sequence, at, isPast } }: PageContext): string {
  return `${sequence}@${at}${isPast ? " past" : ""}`;
}
