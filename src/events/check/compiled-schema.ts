/**
 * A fast check whether a value fits a zod schema: ajv, compiled from the JSON schema that zod generates. What JSON
 * schema cannot express is checked by the same functions as in the zod schema.
 */
import type { KeywordCxt } from "ajv/dist/2020.js";
import { Ajv2020, _ } from "ajv/dist/2020.js";
import { z } from "zod";
import { parseInstant } from "../../../projections/time/instant.ts";
import { isKnownZone } from "../../zones/zones.ts";
import { nodeList } from "../fields/fields.ts";
import { countHostlist } from "../fields/hostlist-form.ts";

const totalKeyword = "x-ledger-node-total";

/** As `maxLength`, which would count characters even if the text has fewer code units than that. */
const mostKeyword = "x-ledger-max-length";
/** As `minLength: 1`, which would count all characters. */
const someKeyword = "x-ledger-not-empty";

const codePoints = (text: string): number => Array.from(text).length;

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
      validate: (_is: boolean, list: unknown[]) => nodeList.safeParse(list).success,
    },
    {
      keyword: mostKeyword,
      type: "string",
      schemaType: "number",
      code: (context: KeywordCxt) => {
        const { gen, data, schemaCode: most } = context;
        const count = gen.scopeValue("func", { ref: codePoints });
        context.fail(_`${data}.length > ${most} && ${count}(${data}) > ${most}`);
      },
    },
    {
      keyword: someKeyword,
      type: "string",
      schemaType: "boolean",
      code: (context: KeywordCxt) => {
        context.fail(_`${context.data}.length === 0`);
      },
    },
  ],
});

/**
 * Whether a JSON value fits the schema. Expects a value that `findJsonError` found nothing wrong with:
 * text that is not well-formed Unicode is not looked for again.
 */
export function compileSchema(schema: z.ZodType): (value: unknown) => boolean {
  const jsonSchema = z.toJSONSchema(schema, {
    io: "input",
    override: ({ zodSchema, jsonSchema: made }) => {
      if (zodSchema === nodeList) made[totalKeyword] = true;
      const { minLength, maxLength, type } = made;
      if (type !== "string") return;
      if (maxLength !== undefined) made[mostKeyword] = maxLength;
      delete made.maxLength;
      if (minLength !== 1) return;
      // Text that is not empty has at least one code unit.
      made[someKeyword] = true;
      delete made.minLength;
    },
  });
  const validate = ajv.compile(jsonSchema);
  return (value) => validate(value);
}
