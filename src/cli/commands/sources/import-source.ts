/** `fleetledger import source`: a payload of another system, as it sends it. */
import { Option } from "commander";
import type { Command } from "commander";
import { formatInstant } from "../../../../projections/time/instant.ts";
import type { Source } from "../../../sources/config/sources-file.ts";
import type { Answer } from "../../../sources/intake/answer.ts";
import { takePayload } from "../../../sources/intake/take-payload.ts";
import { sourceTag } from "../../../sources/reconcile/names.ts";
import type { AddCommand } from "../../options/command.ts";
import { instant } from "../../options/command.ts";
import { addLedgerOptions, namedLedger } from "../../options/named-ledger.ts";
import type { LedgerOptions } from "../../options/named-ledger.ts";
import { withLedger } from "../../options/open.ts";
import {
  type PayloadFile,
  namedSource,
  payloadBody,
  payloadType,
  readConfiguration,
  readPayload,
} from "../../options/source-files.ts";
import { sendForJson } from "../../server/server.ts";
import { exitCodes, UsageError } from "../../terminal/terminal.ts";
import { answerText, previewText } from "./payload-words.ts";
import { type PayloadRequest, previewAt, previewIn } from "./preview.ts";

interface SourceOptions extends LedgerOptions {
  readonly sources?: string;
  readonly exportedAt?: number;
  readonly strict?: boolean;
  readonly dryRun?: boolean;
  readonly format: "text" | "json";
}

export const formatOption = () =>
  new Option("--format <format>", "format of the answer").choices(["text", "json"]).default("text");

export const addImportSource: AddCommand = (program, { terminal, done }) => {
  addLedgerOptions(program.command("source"))
    .description("Import a payload of a source, such as a file of sacctmgr or a list of nodes.")
    .argument("<name>", "the source's name in the configuration")
    .argument("<file>", "the payload; - means standard input")
    .option("--sources <file>", "the configuration of the sources; a server has its own")
    .option(
      "--exported-at <instant>",
      "when the file was written; default: when it was changed",
      instant,
    )
    .option("--strict", "append nothing if anything is refused")
    .option("--dry-run", "say what would be appended, and append nothing")
    .addOption(formatOption())
    .action(async (name: string, file: string, options: SourceOptions, command: Command) => {
      const ledger = await namedLedger(options, command);
      const { dryRun = false, format } = options;
      if ("server" in ledger) {
        const { server } = ledger;
        const asked = payloadRequest(name, await readPayload(file), options);
        const sent = dryRun
          ? await previewAt(server, asked)
          : { answer: await sendForJson<Answer>(server, { method: "POST", ...asked }) };
        const text = "events" in sent ? previewText(sent, format) : answerText(sent.answer, format);
        await terminal.out(text);
        if (sent.answer.refused.length > 0) done(exitCodes.finding);
        return;
      }
      if (options.sources === undefined)
        throw new UsageError("which sources? Name their configuration by --sources");
      const { sources } = await readConfiguration(options.sources);
      const source = namedSource(sources, name);
      const payload = await readPayload(file);
      const body = payloadBody(source.kind, payload);
      const meta = metaOf(source, payload, options);
      const { store } = ledger;
      let answer: Answer;
      if (dryRun) {
        const preview = await previewIn(terminal, store, source, body, meta);
        ({ answer } = preview);
        await terminal.out(previewText(preview, format));
      } else {
        answer = await withLedger(terminal, store, "write", (opened) =>
          takePayload(opened, source, body, meta),
        );
        await terminal.out(answerText(answer, format));
      }
      if (answer.refused.length > 0) done(exitCodes.finding);
    });
};

/** Where no key says who states it, the source does. */
function metaOf(source: Source, { writtenAt }: PayloadFile, options: SourceOptions) {
  const { exportedAt = writtenAt, strict } = options;
  return { actor: sourceTag(source), exportedAt, strict };
}

function payloadRequest(
  name: string,
  payload: PayloadFile,
  { exportedAt = payload.writtenAt, strict }: SourceOptions,
): PayloadRequest {
  const query = new URLSearchParams();
  if (exportedAt !== undefined) query.set("exportedAt", formatInstant(exportedAt));
  if (strict === true) query.set("strict", "1");
  return {
    path: `/v1/sources/${encodeURIComponent(name)}?${query.toString()}`,
    headers: { "content-type": payloadType(payload) },
    body: payload.text,
  };
}
