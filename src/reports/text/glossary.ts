/** The glossary: what every field of a report means, as Markdown. docs/glossary.md is this text. */
import type { DescribedField, DescribedSection } from "../fields-by-path.ts";
import { describedSections } from "../fields-by-path.ts";

const introduction = `# Glossary

What every field of an SLA report means, in the order of the document. The rules behind the figures, to the millisecond,
are in [measures.md](measures.md). A path such as \`mttr.open[].ageMs\` is that of each row of a list, one such as
\`mttr.byCause.{cause}.meanMs\` that of each key. "or null" marks what is \`null\` where there is nothing to measure,
"optional" what is left out where there is nothing to say.

This page is made from the catalogue of fields in \`projections/document/\`; \`npm run glossary\` writes it.
`;

export function glossaryText(): string {
  return [introduction, ...describedSections().map(sectionText)].join("\n");
}

function sectionText({ name, title, fields }: DescribedSection): string {
  const heading = name === null ? title : `${title}: \`${name}\``;
  return `## ${heading}\n\n${fields.map(fieldText).join("\n")}\n`;
}

function fieldText(field: DescribedField): string {
  const { path, title, meaning, unit, nullable, nullWhen, optional, since } = field;
  const ofNull = nullWhen === null ? "or null" : `or null where ${nullWhen}`;
  const marks = [
    unit,
    nullable && ofNull,
    optional && "optional",
    since !== null && `since ${since}`,
  ];
  const told = marks.filter((mark) => mark !== "" && mark !== false);
  const marked = told.length === 0 ? "" : ` (${told.join(", ")})`;
  return `- \`${path}\`${marked}: **${title}.** ${meaning}`;
}
