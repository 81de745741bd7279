/** REST routes of memory; searching and asking are at the top. */
import {
  ask,
  getAnswer,
  getEvidence,
  listAnswers,
  listFailedPassages,
  retry,
  search,
  searchEvidence,
  status,
} from "#brain/memory/index.ts";
import { type Route, route } from "../route.ts";

export const routes = [
  route({ verb: search, method: "get", path: "/v1/search" }),
  route({ verb: ask, method: "post", path: "/v1/ask" }),
  route({ verb: status, method: "get", path: "/v1/memory/status" }),
  route({ verb: retry, method: "post", path: "/v1/memory/retry" }),
  route({ verb: listFailedPassages, method: "get", path: "/v1/memory/passages/failed", list: true }),
  route({ verb: listAnswers, method: "get", path: "/v1/memory/answers", list: true }),
  route({ verb: getAnswer, method: "get", path: "/v1/memory/answers/{id}" }),
  route({ verb: searchEvidence, method: "get", path: "/v1/memory/evidence" }),
  route({ verb: getEvidence, method: "get", path: "/v1/memory/evidence/{id}" }),
] as unknown as Route[];
