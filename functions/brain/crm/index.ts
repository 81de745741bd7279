/** The public door to accounts and offers. */
import type { Verb } from "../kernel/verb.ts";
import { createAccount, getAccount, linkContact, listAccounts, unlinkContact, updateAccount } from "./accounts.ts";
import { approveDiscount, approveSend, reviewOffer, sendOffer, settleOffer } from "./offer-moves.ts";
import { createOffer, getOffer, listOffers, updateOffer } from "./offers.ts";

export { erased } from "./erased.ts";
export { offerStates } from "./offer.ts";
export { money } from "./offer-text.ts";
export {
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
};

export const verbs = [
  listAccounts,
  createAccount,
  getAccount,
  updateAccount,
  linkContact,
  unlinkContact,
  listOffers,
  createOffer,
  getOffer,
  updateOffer,
  approveDiscount,
  approveSend,
  sendOffer,
  settleOffer,
  reviewOffer,
] as unknown as Verb[];
