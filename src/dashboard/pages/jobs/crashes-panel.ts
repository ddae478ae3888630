/** Crashes a day: a dot for each day, and the mean of the window. */
import type { Html } from "../../../reports/html/html.ts";
import { html } from "../../../reports/html/html.ts";
import { countTicks, plot } from "../../charts/plot.ts";
import { pc, share } from "../../charts/scale.ts";
import { spanTicks } from "../../charts/span-axis.ts";
import { counted, figure, figureMarks } from "../../frame/figures.ts";
import type { PageContext } from "../../frame/page.ts";
import { empty, panel } from "../../frame/panel.ts";
import { dayText } from "../../frame/times.ts";
import { maxCrashDays } from "../../../limits/pages.ts";
import { documentOf, documentSource, windowParameters } from "../../cluster/cluster-facts.ts";
import { rateText } from "./jobs-headline.ts";
import { crashDaysOf } from "./job-facts.ts";
import { windowOfDocument } from "./strips-panel.ts";

export async function crashesPanel(context: PageContext, cluster: string): Promise<Html> {
  const title = "Crashes a day";
  const { jobUptime, period } = await documentOf(context, cluster);
  const days = await crashDaysOf(context, cluster);
  if (days === null) {
    const body = empty(
      `The window has more than ${maxCrashDays} days. Choose a shorter one to see its days.`,
    );
    return panel("crashes", { title, body });
  }
  if (jobUptime.crashesPerDay === null)
    return panel("crashes", { title, body: empty("No job was there in the period.") });
  const window = windowOfDocument(period);
  const mean = jobUptime.crashesPerDay;
  const ticks = countTicks(Math.max(1, mean, ...days.counts));
  const range = { from: 0, to: ticks.at(-1) ?? 1 };
  const asked = { cluster, figures: "crashes", bucket: "1d", ...windowParameters(context) };
  const meanY = pc(100 - share(mean, range));
  const dots = days.counts.map((count, i) => {
    const [from = 0, to = 0] = days.edges.slice(i, i + 2);
    const isWhole = days.isWhole[i] ?? true;
    const words = `${dayText(from, context.zone, context.stand.at)}: ${counted(count, "crash", "crashes")}${isWhole ? "" : ", a part of the day"}`;
    return html`<circle
      class="${isWhole ? "dot" : "dot part"}"
      cx="${pc(share((from + to) / 2, window))}"
      cy="${pc(100 - share(count, range))}"
      r="3.5"
      ${figureMarks(`figures.crashes.${i}`, count)}
      ><title>${words}</title></circle
    >`;
  });
  const over = html`<line class="mean" x1="0" x2="100%" y1="${meanY}" y2="${meanY}" />${dots}`;
  const chart = plot({
    label: `Crashes by day, from ${Math.min(...days.counts)} to ${Math.max(...days.counts)}, ${rateText(mean)} on average`,
    yTicks: ticks.map((each) => ({ at: share(each, range), label: String(each) })),
    height: 240,
    xTicks: spanTicks(window, context.zone, context.stand.at),
    over,
  });
  return panel("crashes", {
    title,
    note: html`a dot a day, the mean of
      <span data-source="${documentSource(context, cluster)}"
        >${figure("jobUptime.crashesPerDay", mean, rateText(mean))}</span
      >
      as a line`,
    csv: context.api("/v1/series", { ...asked, format: "csv" }),
    png: true,
    body: html`<div data-source="${context.api("/v1/series", asked)}">${chart}</div>
      ${days.isWhole.includes(false) && html`<p class="more">A hollow dot is a day that the window cuts.</p>`}`,
  });
}
