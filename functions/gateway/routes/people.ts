/** REST routes of people. */
import {
  acceptProposal,
  addPoint,
  createContact,
  dismissProposal,
  getContact,
  getUses,
  listContacts,
  listProposals,
  mergeContacts,
  removePoint,
  setUses,
  unmergeContacts,
  updateContact,
} from "#brain/people/index.ts";
import { type Route, route } from "../route.ts";

export const routes = [
  route({ verb: listContacts, method: "get", path: "/v1/people/contacts", list: true }),
  route({ verb: createContact, method: "post", path: "/v1/people/contacts", status: 201 }),
  route({ verb: getContact, method: "get", path: "/v1/people/contacts/{id}" }),
  route({ verb: updateContact, method: "patch", path: "/v1/people/contacts/{id}" }),
  route({ verb: addPoint, method: "post", path: "/v1/people/contacts/{id}/points", status: 201 }),
  route({ verb: mergeContacts, method: "post", path: "/v1/people/contacts/{id}/merge" }),
  route({ verb: unmergeContacts, method: "post", path: "/v1/people/contacts/{id}/unmerge" }),
  route({ verb: getUses, method: "get", path: "/v1/people/contacts/{id}/consents" }),
  route({ verb: setUses, method: "post", path: "/v1/people/contacts/{id}/consents" }),
  route({ verb: removePoint, method: "post", path: "/v1/people/points/{id}/remove" }),
  route({ verb: listProposals, method: "get", path: "/v1/people/proposals", list: true }),
  route({ verb: acceptProposal, method: "post", path: "/v1/people/proposals/{id}/accept" }),
  route({ verb: dismissProposal, method: "post", path: "/v1/people/proposals/{id}/dismiss" }),
] as unknown as Route[];
