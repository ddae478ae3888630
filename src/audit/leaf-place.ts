/**
 * Where an event stands, read off the end of its leaf without parsing the rest. In canonical form the
 * members after `data` are `id, occurredAt, reason?, recordedAt, revision, schemaVersion, source?,
 * stream, ticket?, type`; within a text a quote has a backslash before it, so that `"type":"` is a name
 * and nothing else.
 */
import { isCanonicalForm } from "../time/instant.ts";

export interface LeafPlace {
  readonly id: string;
  /** Perhaps none that the ledger knows. */
  readonly type: string;
  /** As JSON writes it, without the quotes. */
  readonly stream: string;
  readonly revision: number;
}

const uuidLength = 36;
const instantLength = 24;
const idName = '"id":"';
/** What follows an id. */
const occurredAtName = '","occurredAt":"';
/** `"recordedAt":"YYYY-MM-DDTHH:MM:SS.mmmZ",` */
const recordedAtName = '"recordedAt":"';
const recordedAtLength = recordedAtName.length + instantLength + 2;
/** From the id to the recorded time where no reason stands between them. */
const idLength = idName.length + uuidLength + occurredAtName.length + instantLength + 2;

/**
 * The place of the event in a leaf, or in its end; `null` if it has not the form that the ledger
 * writes, or its end is too short to tell.
 */
export function leafPlace(leaf: string): LeafPlace | null {
  const typeAt = leaf.lastIndexOf('"type":"');
  const streamAt = leaf.lastIndexOf('"stream":"', typeAt);
  const revisionAt = leaf.lastIndexOf('"revision":', streamAt);
  const recordedAt = revisionAt - recordedAtLength;
  const likelyAt = recordedAt - idLength;
  const idAt = leaf.startsWith(idName, Math.max(0, likelyAt))
    ? likelyAt
    : leaf.lastIndexOf(idName, recordedAt);
  if (idAt < 0 || !leaf.startsWith(recordedAtName, recordedAt) || !leaf.endsWith('"}')) return null;
  const ticketAt = leaf.indexOf('"ticket":"', streamAt);
  const streamEnd = (ticketAt < 0 ? typeAt : ticketAt) - 2;
  const revision = Number(leaf.slice(revisionAt + 11, leaf.indexOf(",", revisionAt)));
  const timeAt = recordedAt + recordedAtName.length;
  const isWhole =
    isCanonicalForm(leaf.slice(timeAt, timeAt + instantLength)) &&
    Number.isSafeInteger(revision) &&
    leaf.startsWith(occurredAtName, idAt + idName.length + uuidLength);
  if (!isWhole) return null;
  return {
    id: leaf.slice(idAt + idName.length, idAt + idName.length + uuidLength),
    type: leaf.slice(typeAt + 8, -2),
    stream: leaf.slice(streamAt + 10, streamEnd),
    revision,
  };
}
