/** What all pages of an application share: files, the live stand, and panels that are kept. */
import { seesCluster } from "../../../access/access.ts";
import type { FastifyBaseLogger } from "fastify";
import { banner } from "../../../dashboard/frame/document.ts";
import { KeptPanels } from "../../../dashboard/frame/kept-panels.ts";
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
import type { ApiContext } from "../context.ts";

export class PageDesk {
  readonly api: ApiContext;
  readonly assets: DashboardAssets = loadAssets();
  readonly results = new SharedResults();
  readonly live: LiveStand;
  readonly #panels = new KeptPanels();

  readonly log: FastifyBaseLogger;

  constructor(api: ApiContext, log: FastifyBaseLogger) {
    this.api = api;
    this.live = new LiveStand(api.ledger);
    this.log = log;
    if (this.assets.warning !== null) log.warn(this.assets.warning);
  }

  /** The page's panels at a stand, by id; one that fails says so in its place. */
  async panels(page: PageDefinition, context: PageContext): Promise<ReadonlyMap<string, string>> {
    const made = new Map<string, string>();
    for (const [id, make] of Object.entries(page.panels(context))) {
      made.set(id, await this.#panel(page, id, make, context));
    }
    return made;
  }

  /** One of the page's panels; `null` if it has none of that id. */
  async panel(page: PageDefinition, id: string, context: PageContext): Promise<string | null> {
    const panels = page.panels(context);
    const make = Object.hasOwn(panels, id) ? panels[id] : undefined;
    return make === undefined ? null : await this.#panel(page, id, make, context);
  }

  /** Those that differ from what `shown` shows, as `write` writes them; viewers of the same page share the text. */
  async changes(
    page: PageDefinition,
    context: PageContext,
    shown: PageContext,
    write: (fragments: Readonly<Record<string, string>>, ids: readonly string[]) => string,
  ): Promise<string> {
    const key = `${keyOf("changes", context)} since ${standKey(shown)}`;
    return await this.#panels.get(key, async () => {
      const startMs = performance.now();
      const fragments: Record<string, string> = {
        banners: (await this.banners()).map((each) => each.html).join(""),
      };
      const makers = Object.entries(page.panels(context));
      for (const [id, make] of makers) {
        const text = await this.#panel(page, id, make, context);
        if (text !== (await this.#panels.peek(keyOf(id, shown)))) {
          fragments[id] = atPosition(text, context.stand.sequence);
        }
      }
      this.live.tookMs(performance.now() - startMs);
      return write(
        fragments,
        makers.map(([id]) => id),
      );
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
  ): Promise<string> {
    try {
      const write = async () =>
        withTableLinks((await make()).html, id, (table) => context.here({ table }));
      if (page.isOfProcess === true) return await write();
      return await this.#panels.get(keyOf(id, context), write);
    } catch (error) {
      const known = ledgerErrorOf(error);
      // The page itself is refused where what it is about does not exist, or is of no period that the ledger knows.
      if (isLedgerError(error, "not-found")) throw error;
      if (id === "headline" && known.code === "period-refused") throw known;
      const { title, status } = errorCatalogue[known.code];
      if (status >= 500) this.log.error({ err: error, panel: id }, "panel failed");
      const words = { code: known.code, title, detail: known.message };
      return failedPanel(id, words, context.here({})).html;
    }
  }
}

function keyOf(id: string, context: PageContext): string {
  return `${context.path}?${context.written.toString()} ${context.origin} ${context.reader.rights} ${id} ${standKey(context)}`;
}

function standKey({ stand: { sequence, at, isPast } }: PageContext): string {
  return `${sequence}@${at}${isPast ? " past" : ""}`;
}
