/** `/webhooks`: who is told of events, how far each is behind, what was refused, and the way back to a position. */
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import type { DeadLetter } from "../../../sinks/webhooks/kept-state.ts";
import type { WebhookStatus } from "../../../sinks/webhooks/webhooks.ts";
import { decisions } from "../../decisions/decisions.ts";
import { figure, whole } from "../../frame/figures.ts";
import type { PageContext, PageDefinition } from "../../frame/page.ts";
import { bare, empty, panel } from "../../frame/panel.ts";
import { minuteText, timeHtml } from "../../frame/times.ts";
import { listTable } from "../../tables/list-table.ts";
import { replayForm } from "./replay-form.ts";

/** Of each webhook; the rest is at its address. */
const shownLetters = 20;

export const webhooksPage: PageDefinition = {
  path: "/webhooks",
  place: "audit",
  isOfProcess: true,
  title: () => "Webhooks",
  panels: (context) => ({
    headline: () => headline(context),
    webhooks: () => webhooksPanel(context),
    dead: () => deadPanel(context),
  }),
};

function statusesOf({ webhooks }: PageContext): Promise<readonly WebhookStatus[]> {
  return webhooks?.status() ?? Promise.resolve([]);
}

async function headline(context: PageContext): Promise<Html> {
  return bare(
    "headline",
    html`<div class="title-line">
      <h1>Webhooks</h1>
      <p class="sentence">${sentence(await statusesOf(context))}</p>
    </div>`,
  );
}

function sentence(statuses: readonly WebhookStatus[]): string {
  if (statuses.length === 0) return "Nobody is told of events by webhook.";
  const stopped = statuses.filter(({ state }) => (state?.stopped ?? null) !== null);
  const failing = statuses.filter(
    ({ state }) => (state?.failing ?? null) !== null && state?.stopped === null,
  );
  const named = (some: readonly WebhookStatus[]) => some.map(({ webhook }) => webhook.name);
  if (stopped.length > 0) return `Stopped: ${named(stopped).join(", ")}.`;
  if (failing.length > 0) return `Waiting for a receiver: ${named(failing).join(", ")}.`;
  return statuses.length === 1
    ? "The receiver takes what it is told."
    : `All ${statuses.length} receivers take what they are told.`;
}

async function webhooksPanel(context: PageContext): Promise<Html> {
  const statuses = await statusesOf(context);
  const title = "Receivers";
  if (statuses.length === 0) {
    return panel("webhooks", {
      title,
      body: empty(
        "No webhook is configured. A file names who is told of what:",
        "fleetledger serve --webhooks webhooks.json",
      ),
    });
  }
  return panel("webhooks", {
    title,
    note: "as of now, whatever position the page shows",
    body: listTable({
      title,
      source: "/v1/webhooks",
      heads: [
        "Webhook",
        "Host",
        { title: "Events behind", kind: "number" },
        "Last answer",
        "State",
        { title: "Dead letters", kind: "number" },
        "From a position on",
      ],
      rows: statuses.map((status, i) => row(context, status, i)),
    }),
  });
}

function row(context: PageContext, status: WebhookStatus, i: number): Html {
  const { webhook, lagEvents, state, dead } = status;
  const last = state?.last ?? null;
  return html`<tr>
    <th scope="row">${webhook.name}</th>
    <td class="mono">${new URL(webhook.url).host}</td>
    <td class="number">
      ${lagEvents === null ? "–" : figure(`webhooks.${i}.lagEvents`, lagEvents, whole(lagEvents))}
    </td>
    <td>
      ${
        last === null
          ? "none yet"
          : html`${last.words},
            ${timeHtml(last.at, minuteText(last.at, context.zone, context.stand.at))}`
      }
    </td>
    <td>${stateHtml(context, status)}</td>
    <td class="number">${figure(`webhooks.${i}.deadLetters`, dead.total, whole(dead.total))}</td>
    <td>${decisions(context, `replay-${webhook.name}`, [replayForm(status)])}</td>
  </tr>`;
}

function stateHtml({ zone, stand }: PageContext, { state, isDelivering }: WebhookStatus): Html {
  const at = (ms: number) => timeHtml(ms, minuteText(ms, zone, stand.at));
  if (state === null) return html`not begun`;
  if (state.stopped !== null)
    return html`<strong class="problem">stopped</strong>: ${state.stopped.why}`;
  if (state.failing !== null) {
    const { sequence, attempts, nextAt } = state.failing;
    return html`#${whole(sequence)} failed ${attempts === 1 ? "once" : `${attempts} times`}, tried
    again ${at(nextAt)}`;
  }
  return isDelivering ? html`delivering` : html`delivered by another instance`;
}

async function deadPanel(context: PageContext): Promise<Html> {
  const letters = (await statusesOf(context)).flatMap(({ webhook, dead }) =>
    dead.letters
      .slice(-shownLetters)
      .reverse()
      .map((letter) => ({ name: webhook.name, letter })),
  );
  const title = "Dead letters";
  if (letters.length === 0)
    return panel("dead", { title, body: empty("No receiver has refused a message for good.") });
  return panel("dead", {
    title,
    note: `the newest of each webhook, at most ${shownLetters}`,
    body: listTable({
      title,
      heads: ["Webhook", { title: "Event", kind: "number" }, "Type", "Answer", "Put aside"],
      rows: letters.map(({ name, letter }) => letterRow(context, name, letter)),
    }),
  });
}

function letterRow(context: PageContext, name: string, letter: DeadLetter): Html {
  const { sequence, at, type, words } = letter;
  const events = context.link("/audit/events", { asOf: String(sequence) });
  return html`<tr>
    <th scope="row">${name}</th>
    <td class="number"><a href="${events}">#${whole(sequence)}</a></td>
    <td>${type}</td>
    <td>${words}</td>
    <td>${timeHtml(at, minuteText(at, context.zone, context.stand.at))}</td>
  </tr>`;
}
