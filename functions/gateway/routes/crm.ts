/** REST routes of accounts and offers. */
import {
  approveDiscount,
  approveSend,
  createAccount,
  createOffer,
  getAccount,
  getOffer,
  linkContact,
  listAccounts,
  listOffers,
  reviewOffer,
  sendOffer,
  settleOffer,
  unlinkContact,
  updateAccount,
  updateOffer,
} from "#brain/crm/index.ts";
import { getOfferGrounds } from "#brain/insight/index.ts";
import { type Route, route } from "../route.ts";

export const routes = [
  route({ verb: listAccounts, method: "get", path: "/v1/crm/accounts", list: true }),
  route({ verb: createAccount, method: "post", path: "/v1/crm/accounts", status: 201 }),
  route({ verb: getAccount, method: "get", path: "/v1/crm/accounts/{id}" }),
  route({ verb: updateAccount, method: "patch", path: "/v1/crm/accounts/{id}", versioned: "required" }),
  route({ verb: linkContact, method: "post", path: "/v1/crm/accounts/{id}/link" }),
  route({ verb: unlinkContact, method: "post", path: "/v1/crm/accounts/{id}/unlink" }),
  route({ verb: listOffers, method: "get", path: "/v1/crm/offers", list: true }),
  route({ verb: createOffer, method: "post", path: "/v1/crm/offers", status: 201 }),
  route({ verb: getOffer, method: "get", path: "/v1/crm/offers/{id}" }),
  route({ verb: getOfferGrounds, method: "get", path: "/v1/crm/offers/{id}/grounds" }),
  route({ verb: updateOffer, method: "patch", path: "/v1/crm/offers/{id}", versioned: "required" }),
  route({
    verb: approveDiscount,
    method: "post",
    path: "/v1/crm/offers/{id}/approve-discount",
    versioned: "required",
  }),
  route({ verb: approveSend, method: "post", path: "/v1/crm/offers/{id}/approve-send", versioned: "required" }),
  route({ verb: sendOffer, method: "post", path: "/v1/crm/offers/{id}/send", versioned: "required" }),
  route({ verb: settleOffer, method: "post", path: "/v1/crm/offers/{id}/settle", versioned: "required" }),
  route({ verb: reviewOffer, method: "post", path: "/v1/crm/offers/{id}/review", versioned: "required" }),
] as unknown as Route[];
