/** REST routes of people. */
import { getContact, listContacts, updateContact } from "#brain/people/index.ts";
import { type Route, route } from "../route.ts";

export const routes = [
  route({ verb: listContacts, method: "get", path: "/v1/people/contacts", list: true }),
  route({ verb: getContact, method: "get", path: "/v1/people/contacts/{id}" }),
  route({ verb: updateContact, method: "patch", path: "/v1/people/contacts/{id}" }),
] as unknown as Route[];
