/** Why a provider takes nothing from a sender for now, in words for whoever can mend it. */
import { sentence } from "./words.ts";

const refusedCredentials = "The provider refuses its credentials. Give it new ones.";
const wrongNumber = "The provider says that this number is not the account's, or may not send.";
const reasons: Record<string, string> = {
  rate_limited: "The provider asks for a pause: too many messages at once.",
  credentials_incomplete: "Something that opens the provider's account is missing. Give it new credentials.",
  http_401: refusedCredentials,
  twilio_20003: refusedCredentials,
  telnyx_10009: refusedCredentials,
  postmark_10: refusedCredentials,
  resend_invalid_api_key: refusedCredentials,
  resend_restricted_api_key: "This API key may not send e-mail.",
  twilio_21606: wrongNumber,
  twilio_21659: wrongNumber,
  twilio_21660: wrongNumber,
  telnyx_40305: wrongNumber,
  twilio_21408: "The account may not send to the recipient's country yet. Permit it at Twilio.",
  twilio_21612: "There is no way from this number to the recipient's network.",
  twilio_21608: "A trial account sends to verified numbers only.",
  twilio_30034: "This number is not registered for sending to businesses' customers.",
  resend_daily_quota_exceeded: "The account's mail for today is used up.",
  resend_monthly_quota_exceeded: "The account's mail for this month is used up.",
  postmark_405: "The account's mail is used up.",
  postmark_412: "Postmark has not approved this account yet.",
};

export const sayReason = (reason: string): string => reasons[reason] ?? `The provider refuses: ${sentence(reason)}.`;
