/** A notice: what time made true, said once. */
import { formatInstant } from "../../../projections/time/instant.ts";
import type { DataOf } from "../../events/catalogue.ts";
import { stableId } from "../../events/fields/stable-id.ts";

type NoticeName = DataOf<"NoticeRaised">["notice"];

export interface Notice {
  readonly notice: NoticeName;
  readonly cluster?: string | undefined;
  /** The thing and its period: of one kind each key is said once. */
  readonly key: string;
  /** When it became true, in milliseconds. */
  readonly at: number;
  /** In words, for people. */
  readonly reason: string;
}

/** What is due of a cluster, and the next instant at which more may be without any new event; Infinity if none is known. */
export interface DueNotices {
  readonly due: readonly Notice[];
  readonly nextAt: number;
}

/** The same for the same notice and key, whoever says it. */
export function noticeId({ notice, key }: Pick<Notice, "notice" | "key">): string {
  return stableId(["notice", notice, key]);
}

/** The event, as the ledger takes it. */
export function noticeEvent(raised: Notice): object {
  const { notice, cluster, key, at, reason } = raised;
  return {
    id: noticeId(raised),
    type: "NoticeRaised",
    occurredAt: formatInstant(at),
    actor: "fleetledger",
    reason,
    data: { notice, ...(cluster === undefined ? {} : { cluster }), key },
  };
}
