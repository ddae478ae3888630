/** The fields of a form: each with its label, its hint and what the ledger found wrong with it. */
import { html } from "htm/preact";
import type { VNode } from "preact";
import type { Field } from "../../decisions/form.ts";
import type { Value, Values } from "./body.ts";
import { keyOf, startingValues, textOf } from "./body.ts";

type Errors = readonly { readonly path: string; readonly message: string }[];

interface Shown {
  readonly fields: readonly Field[];
  readonly values: Values;
  /** Makes ids unique in the document. */
  readonly prefix: string;
  /** The pointer that the fields' own are relative to. */
  readonly within: string;
  readonly errors: Errors;
  readonly change: (key: string, value: Value) => void;
}

export function fieldsHtml(shown: Shown): readonly VNode[] {
  return shown.fields.map((field) => fieldHtml(shown, field));
}

/** What is wrong at the field, or below it. */
function wrongAt({ errors, within }: Shown, { at, kind }: Field): readonly string[] {
  const pointer = `${within}${at}`;
  const isHere = (path: string) =>
    path === pointer ||
    (path.startsWith(`${pointer}/`) && kind !== "rows" && kind !== "either" && at !== "");
  return errors.filter(({ path }) => isHere(path)).map(({ message }) => message);
}

/** Every pointer that a field shows errors for, so that the rest is said above the form. */
export function isAtField(fields: readonly Field[], path: string, within = ""): boolean {
  return fields.some((field) => {
    const pointer = `${within}${field.at}`;
    if (field.kind === "either" && field.ways.some((way) => isAtField(way.fields, path, within)))
      return true;
    return field.at !== "" && (path === pointer || path.startsWith(`${pointer}/`));
  });
}

function fieldHtml(shown: Shown, field: Field): VNode {
  const id = `${shown.prefix}${field.kind}${field.at}`.replaceAll("/", "-");
  const wrong = wrongAt(shown, field);
  const about = [
    field.hint === undefined ? null : `${id}-hint`,
    wrong.length === 0 ? null : `${id}-wrong`,
  ].filter((each) => each !== null);
  const attributes = {
    id,
    name: `${shown.within}${field.at}`,
    required: field.isNeeded === true,
    "aria-describedby": about.length === 0 ? undefined : about.join(" "),
    "aria-invalid": wrong.length === 0 ? undefined : "true",
  };
  const notes = html`
    ${field.hint !== undefined && html`<p class="hint" id=${`${id}-hint`}>${field.hint}</p>`}
    ${wrong.length > 0 && html`<p class="wrong" id=${`${id}-wrong`}>${field.label} ${wrong.join("; ")}</p>`}
  `;
  if (field.kind === "check") {
    return html`<div class="field check">
      <label
        ><input
          type="checkbox"
          ...${attributes}
          checked=${shown.values[keyOf(field)] === true}
          onChange=${(event: Event) => shown.change(keyOf(field), target(event).checked)}
        />${field.label}</label
      >${notes}
    </div>`;
  }
  if (field.kind === "several" || field.kind === "rows" || field.kind === "either") {
    return html`<fieldset class="field" aria-describedby=${attributes["aria-describedby"]}>
      <legend>${field.label}</legend>
      ${groupHtml(shown, field, id)} ${notes}
    </fieldset>`;
  }
  return html`<div class="field ${field.kind}">
    <label for=${id}
      >${field.label}${field.isNeeded === true || field.kind === "choice" ? null : html` <i>optional</i>`}</label
    >
    ${controlHtml(shown, field, attributes)} ${notes}
  </div>`;
}

type Single = Exclude<Field, { kind: "check" | "several" | "rows" | "either" }>;

const inputTypes = {
  text: "text",
  names: "text",
  number: "number",
  hours: "number",
  instant: "datetime-local",
  local: "datetime-local",
} as const;

function controlHtml(shown: Shown, field: Single, attributes: object): VNode {
  const key = keyOf(field);
  const value = textOf(shown.values[key]);
  const onInput = (event: Event) => shown.change(key, target(event).value);
  if (field.kind === "choice") {
    return html`<select ...${attributes} value=${value} onChange=${onInput}>
      ${field.choices.map((each) => html`<option value=${each.value}>${each.label}</option>`)}
    </select>`;
  }
  if (field.kind === "area") {
    return html`<textarea ...${attributes} rows="2" value=${value} onInput=${onInput}></textarea>`;
  }
  const more =
    field.kind === "number" || field.kind === "hours"
      ? { min: "0", step: "any" }
      : field.kind === "instant"
        ? { step: value.length > 16 ? "any" : "60" }
        : {};
  return html`<input
    type=${inputTypes[field.kind]}
    ...${attributes}
    ...${more}
    autocomplete=${field.at === "/actor" ? "username" : "off"}
    value=${value}
    onInput=${onInput}
  />`;
}

type Group = Extract<Field, { kind: "several" | "rows" | "either" }>;

function groupHtml(shown: Shown, field: Group, id: string): VNode {
  const key = keyOf(field);
  const value = shown.values[key];
  if (field.kind === "several") {
    const chosen = value as readonly string[];
    const tick = (name: string, isOn: boolean) =>
      shown.change(key, isOn ? [...chosen, name] : chosen.filter((each) => each !== name));
    return html`<div class="ticks">
      ${field.choices.map(
        (each) =>
          html`<label
            ><input
              type="checkbox"
              checked=${chosen.includes(each.value)}
              onChange=${(event: Event) => tick(each.value, target(event).checked)}
            />${each.label}</label
          >`,
      )}
    </div>`;
  }
  if (field.kind === "either") {
    const way = Number(value);
    const fields = field.ways[way]?.fields ?? [];
    return html`<div class="ticks">
        ${field.ways.map(
          ({ label }, i) =>
            html`<label
              ><input
                type="radio"
                name=${id}
                checked=${i === way}
                onChange=${() => shown.change(key, i)}
              />${label}</label
            >`,
        )}
      </div>
      ${fieldsHtml({ ...shown, fields })}`;
  }
  return rowsHtml(shown, field, value as readonly Values[], id);
}

function rowsHtml(
  shown: Shown,
  field: Extract<Field, { kind: "rows" }>,
  rows: readonly Values[],
  id: string,
): VNode {
  const key = keyOf(field);
  const put = (index: number, row: Values) => shown.change(key, rows.with(index, row));
  return html`${rows.map(
      (row, i) =>
        html`<div class="row" role="group" aria-label=${`${field.label} ${i + 1}`} key=${i}>
          ${fieldsHtml({
            ...shown,
            fields: field.columns,
            values: row,
            prefix: `${id}-${i}`,
            within: `${shown.within}${field.at}/${i}`,
            change: (name, value) => put(i, { ...row, [name]: value }),
          })}
          ${rows.length > 1 && html`<button type="button" onClick=${() => shown.change(key, rows.toSpliced(i, 1))}>Remove</button>`}
        </div>`,
    )}
    <button
      type="button"
      onClick=${() => shown.change(key, [...rows, startingValues(field.columns, "")])}
    >
      ${field.add}
    </button>`;
}

function target(event: Event): HTMLInputElement {
  return event.currentTarget as HTMLInputElement;
}
