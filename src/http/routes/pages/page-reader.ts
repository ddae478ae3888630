/** What whoever asks for a page may do, from the table of routes that lets requests in. */
import { openAccess } from "../../../access/access.ts";
import type { Reader } from "../../../dashboard/frame/reader.ts";
import { givenKeys } from "../../access/auth.ts";
import { meets, needAt } from "../../access/route-needs.ts";
import type { ApiRequest } from "../../server/api.ts";

export function readerOf({ access, headers }: Pick<ApiRequest, "access" | "headers">): Reader {
  const own = access ?? openAccess;
  return {
    session: givenKeys({ headers }).length === 0 ? own.name : null,
    rights: own.roles === null ? "*" : [...own.roles].sort().join(),
    may: (method, address) => {
      const need = needAt(method, address);
      return need !== null && meets(own, need, undefined);
    },
  };
}
