/**
 * Where an event stands, read off the end of its leaf without parsing the rest. In canonical form the
 * members after `data` are `id, occurredAt, reason?, recordedAt, revision, schemaVersion, source?,
 * stream, ticket?, type`; within a text a quote has a backslash before it, so that `"type":"` is a name
 * and nothing else.
 */
import type { EventType } from "../events/catalogue.ts";
import { isEventType } from "../events/catalogue.ts";
import { isCanonicalForm } from "../time/instant.ts";

export interface LeafPlace {
  readonly id: string;
  readonly type: EventType;
  /** As JSON writes it, without the quotes. */
  readonly stream: string;
  readonly revision: number;
}

const uuidLength = 36;
/** `"recordedAt":"YYYY-MM-DDTHH:MM:SS.mmmZ",` */
const recordedAtName = '"recordedAt":"';
const recordedAtLength = recordedAtName.length + 24 + 2;

/** The place of the event in a leaf; `null` if the leaf has not the form that the ledger writes. */
export function leafPlace(leaf: string): LeafPlace | null {
  const typeAt = leaf.lastIndexOf('"type":"');
  const streamAt = leaf.lastIndexOf('"stream":"', typeAt);
  const revisionAt = leaf.lastIndexOf('"revision":', streamAt);
  const recordedAt = revisionAt - recordedAtLength;
  const idAt = leaf.lastIndexOf('"id":"', recordedAt);
  if (idAt < 0 || !leaf.startsWith(recordedAtName, recordedAt) || !leaf.endsWith('"}')) return null;
  const type = leaf.slice(typeAt + 8, -2);
  const ticketAt = leaf.indexOf('"ticket":"', streamAt);
  const streamEnd = (ticketAt < 0 ? typeAt : ticketAt) - 2;
  const revision = Number(leaf.slice(revisionAt + 11, leaf.indexOf(",", revisionAt)));
  const timeAt = recordedAt + recordedAtName.length;
  const isWhole =
    isEventType(type) &&
    isCanonicalForm(leaf.slice(timeAt, timeAt + 24)) &&
    Number.isSafeInteger(revision) &&
    leaf.startsWith('","occurredAt":"', idAt + 6 + uuidLength);
  if (!isWhole) return null;
  return {
    id: leaf.slice(idAt + 6, idAt + 6 + uuidLength),
    type,
    stream: leaf.slice(streamAt + 10, streamEnd),
    revision,
  };
}
