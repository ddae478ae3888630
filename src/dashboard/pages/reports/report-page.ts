/** `/reports/{id}`: an issued report beside what it would say now: the differences first, each with its events. */
import type { PageDefinition } from "../../frame/page.ts";
import { besidePanel } from "./beside-panel.ts";
import { causesPanel } from "./causes-panel.ts";
import { differencesPanel } from "./differences-panel.ts";
import { reportHead } from "./report-head.ts";

export const reportPage: PageDefinition = {
  path: "/reports/:report",
  place: "reports",
  title: ({ params }) => `Report ${params["report"] ?? ""}`,
  panels: (context) => ({
    headline: () => reportHead(context),
    differences: () => differencesPanel(context),
    causes: () => causesPanel(context),
    beside: () => besidePanel(context),
  }),
};
