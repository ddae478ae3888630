/**
 * The quick way to say that a value fits a zod schema: ajv, compiled from the JSON schema that zod
 * itself gives. What JSON schema cannot say is checked by the functions that the zod schema uses.
 */
import { Ajv2020 } from "ajv/dist/2020.js";
import { z } from "zod";
import { parseInstant } from "../time/instant.ts";
import { isKnownZone } from "../time/zones.ts";
import { nodeList } from "./fields.ts";
import { countHostlist } from "./hostlist-form.ts";

const totalKeyword = "x-ledger-node-total";

const ajv = new Ajv2020({
  strict: true,
  allErrors: false,
  messages: false,
  formats: {
    uuid: true,
    "ledger-instant": (text: string) => parseInstant(text) !== null,
    "ledger-zone": isKnownZone,
    "ledger-hostlist": (text: string) => countHostlist(text) !== null,
  },
  keywords: [
    {
      keyword: totalKeyword,
      type: "array",
      schemaType: "boolean",
      validate: (_: boolean, list: unknown[]) => nodeList.safeParse(list).success,
    },
  ],
});

/**
 * Whether a JSON value fits the schema. Expects a value that `findJsonFault` found nothing wrong with:
 * text that is not well-formed Unicode is not looked for again.
 */
export function compileSchema(schema: z.ZodType): (value: unknown) => boolean {
  const jsonSchema = z.toJSONSchema(schema, {
    io: "input",
    override: ({ zodSchema, jsonSchema: made }) => {
      if (zodSchema === nodeList) made[totalKeyword] = true;
    },
  });
  const validate = ajv.compile(jsonSchema);
  return (value) => validate(value);
}
