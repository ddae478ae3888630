/** What a form of a decision asks for: the server writes it, an island shows it and sends its body. */

/** `at` is the JSON pointer of the member in the body; what the ledger finds wrong there is shown at the field. */
interface Named {
  readonly at: string;
  readonly label: string;
  readonly hint?: string;
  readonly isNeeded?: boolean;
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

export type Field =
  | (Named & { readonly kind: "text" | "area" | "number"; readonly value?: string })
  /** An instant in UTC; `value` is RFC 3339. */
  | (Named & { readonly kind: "instant"; readonly value?: string })
  /** A local date and time without a zone. */
  | (Named & { readonly kind: "local"; readonly value?: string })
  /** Hours, which the body has in milliseconds. */
  | (Named & { readonly kind: "hours"; readonly value?: string })
  /** Names with commas between them: a list. */
  | (Named & { readonly kind: "names"; readonly value?: string })
  | (Named & { readonly kind: "check" })
  | (Named & { readonly kind: "choice"; readonly choices: readonly Choice[] })
  /** Any of the choices: a list. */
  | (Named & {
      readonly kind: "several";
      readonly choices: readonly Choice[];
      readonly chosen: readonly string[];
    })
  /** A list of objects, a row each; `add` is what the button for a further row says. */
  | (Named & { readonly kind: "rows"; readonly columns: readonly Field[]; readonly add: string })
  /** One of several ways: only the fields of the chosen way are in the body, and its `value` at `at`, if it has one. */
  | (Named & { readonly kind: "either"; readonly ways: readonly Way[] });

interface Way {
  readonly label: string;
  readonly value?: string;
  readonly fields: readonly Field[];
}

export interface DecisionForm {
  /** Its name on its page, unique. */
  readonly id: string;
  /** What the button that opens it says. */
  readonly button: string;
  readonly title: string;
  /** A sentence about what it will do. */
  readonly about?: string;
  /** Where it is sent to. */
  readonly address: string;
  /**
   * An address that takes the same body, appends nothing and says what would come of it. With it, nothing is sent that was not
   * seen so before.
   */
  readonly preview?: string;
  readonly fields: readonly Field[];
  /** Members of the body that the form does not ask for. */
  readonly fixed: Readonly<Record<string, unknown>>;
  /** What the button that sends it says. */
  readonly send: string;
  /** Whether it ends something that cannot be had back. */
  readonly isFinal?: boolean;
}

/** A form with a body as somebody might send it, for those without scripts. */
export interface ExplainedForm extends DecisionForm {
  readonly example: Readonly<Record<string, unknown>>;
}
