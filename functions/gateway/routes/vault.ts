/** REST routes of the vault. */
import {
  bindSource,
  getDocument,
  getSync,
  listDocumentPassages,
  listDocuments,
  listSources,
  searchDocuments,
  showSource,
  startSync,
} from "#brain/vault/index.ts";
import { type Route, route } from "../route.ts";

export const routes = [
  route({ verb: listSources, method: "get", path: "/v1/vault/sources", list: true }),
  route({ verb: bindSource, method: "post", path: "/v1/vault/sources", status: 201 }),
  route({ verb: showSource, method: "post", path: "/v1/vault/sources/{id}/visibility" }),
  route({ verb: getSync, method: "get", path: "/v1/vault/sources/{id}/sync" }),
  route({ verb: startSync, method: "post", path: "/v1/vault/sources/{id}/sync", status: 202 }),
  route({ verb: listDocuments, method: "get", path: "/v1/vault/documents", list: true }),
  route({ verb: getDocument, method: "get", path: "/v1/vault/documents/{id}" }),
  route({ verb: listDocumentPassages, method: "get", path: "/v1/vault/documents/{id}/passages" }),
  route({ verb: searchDocuments, method: "get", path: "/v1/vault/search" }),
] as unknown as Route[];
