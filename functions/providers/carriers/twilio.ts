/** SMS through Twilio's Programmable Messaging (REST API 2010-04-01). */
import * as z from "zod/v4";
import type { Carried, Carrier, CarrierAccount, LookedUp, Outgoing } from "#brain/kernel/ports.ts";
import { type Answer, baseOf, type CarrierSettings, call, type Request } from "./call.ts";
import { type CodeTable, careful, carriedBy, incomplete, refusalOf, refused, unreadable } from "./verdict.ts";

/** twilio.com/docs/api/errors */
const table: CodeTable = {
  optOut: ["21610"],
  sender: [
    "20003", // credentials
    "20005", // account suspended
    "20404", // no such account
    "21212", // sender's number is none
    "21408", // region not enabled
    "21603", // sender missing
    "21606", // number is not the account's, or cannot send
    "21608", // trial account
    "21612", // no route from this sender
    "21659", // not a number of Twilio's
    "21660", // number of another account
    "21701", // no such messaging service
    "21703", // messaging service without a number
    "30034", // number not registered
  ],
  later: ["20429", "14107", "21611", "30001"],
  final: ["21211", "21602", "21604", "21614", "21617", "21635", "30003", "30005", "30006", "30007"],
};

/** Characters Twilio takes as one message. */
const longest = 1600;
/** A messaging service in place of a number. */
const isService = (from: string) => /^MG[0-9a-f]{32}$/i.test(from);

const Sent = () => z.object({ sid: z.string().min(1), status: z.string().optional() });
const Refusal = () => z.object({ code: z.coerce.string() });
const Listed = () =>
  z.object({
    messages: z.array(
      z.object({
        sid: z.string(),
        status: z.string(),
        body: z.string().nullish(),
        from: z.string().nullish(),
        messaging_service_sid: z.string().nullish(),
        direction: z.string().optional(),
        date_created: z.string(),
      }),
    ),
  });

/** The account's own token, or an API key of it. */
function authorization({ account, secrets }: CarrierAccount): string | undefined {
  const pair = secrets["api_key"] ? [secrets["api_key"], secrets["api_secret"]] : [account, secrets["token"]];
  const [name, word] = pair;
  return name && word ? `Basic ${btoa(`${name}:${word}`)}` : undefined;
}

const messagesAt = (settings: CarrierSettings, account: string) =>
  `${baseOf(settings)}/2010-04-01/Accounts/${encodeURIComponent(account)}/Messages.json`;

export function twilio(settings: CarrierSettings): Carrier {
  return careful({
    send: async (of, message) => {
      const auth = authorization(of);
      if (!auth || !of.account) return incomplete;
      if (message.text.length > longest) return refused("text_too_long");
      const request: Request = {
        method: "POST",
        url: messagesAt(settings, of.account),
        headers: {
          authorization: auth,
          "content-type": "application/x-www-form-urlencoded",
          accept: "application/json",
        },
        body: form(message).toString(),
      };
      return carriedBy(await call(settings, request), readSent);
    },
    lookup: async (of, sent) => {
      const auth = authorization(of);
      if (!auth || !of.account) return { outcome: "unable" };
      const asked = new URLSearchParams({ To: sent.to, PageSize: String(pageSize) });
      const url = `${messagesAt(settings, of.account)}?${asked}`;
      const told = await call(settings, { method: "GET", url, headers: { authorization: auth } });
      if (told.kind !== "answer" || told.status !== 200) return { outcome: "unable" };
      return match(told, sent);
    },
  });
}

function form({ from, to, text, statusUrl }: Outgoing): URLSearchParams {
  return new URLSearchParams({
    To: to,
    [isService(from) ? "MessagingServiceSid" : "From"]: from,
    Body: text,
    StatusCallback: statusUrl,
    // What was approved leaves as it stands, and is found again by its words.
    SmartEncoded: "false",
  });
}

function readSent(answer: Answer): Carried {
  if (answer.status >= 200 && answer.status < 300) {
    const sent = Sent().safeParse(answer.body);
    if (!sent.success) return unreadable;
    return { outcome: "accepted", id: sent.data.sid, state: stateOf(sent.data.status) };
  }
  const code = Refusal().safeParse(answer.body).data?.code;
  return refusalOf(answer, { table, provider: "twilio", code });
}

const stateOf = (status: string | undefined): "submitted" | "sent" =>
  status === "sent" || status === "delivered" || status === "read" ? "sent" : "submitted";

/** Newest first; a busy recipient gets a handful of messages an hour. */
const pageSize = 50;
/** Twilio's times are whole seconds, and its clock is not ours. */
const skewMs = 5_000;
/** What a trial account puts before every text. */
const trial = "Sent from your Twilio trial account - ";

/**
 * Twilio keeps no reference of ours with a message, so it is known by recipient, sender, words and time. Not asked by DateSent:
 * what still waits there has none. The same words twice to one person within seconds cannot be told apart: then it says so.
 */
function match(answer: Answer, sent: { from: string; text: string; since: Date }): LookedUp {
  const listed = Listed().safeParse(answer.body);
  if (!listed.success) return { outcome: "unable" };
  const { messages } = listed.data;
  const from = sent.since.getTime() - skewMs;
  const recent = messages.filter((row) => !(Date.parse(row.date_created) < from));
  const ours = recent.filter(
    (row) =>
      row.direction !== "inbound" &&
      (isService(sent.from) ? row.messaging_service_sid === sent.from : row.from === sent.from) &&
      (row.body === sent.text || row.body === trial + sent.text),
  );
  const [only, another] = ours;
  if (another) return { outcome: "unable" };
  if (only) return { outcome: "found", id: only.sid, state: stateOf(only.status) };
  // A full page that is recent all through may hide an older one.
  return recent.length >= pageSize ? { outcome: "unable" } : { outcome: "absent" };
}
