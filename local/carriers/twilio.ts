/** Twilio's Messages resource: form bodies, Basic authorization, its error codes, and the list that answers "did you get it?". */
import type { Answer, Asked } from "../loopback.ts";
import { type Desk, newId, type Taken, textIn } from "./desk.ts";

const LONGEST = 1600;
const PAGE = 50;

const refuse = (status: number, code: number, message: string): Answer => ({
  status,
  json: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
});

export function twilioAnswer(desk: Desk, { asked, url }: { asked: Asked; url: URL }): Answer {
  const { account, token } = desk.accounts.twilio;
  const basic = `Basic ${Buffer.from(`${account}:${token}`).toString("base64")}`;
  if (asked.headers["authorization"] !== basic) return refuse(401, 20003, "Authenticate");
  if (url.pathname !== `/2010-04-01/Accounts/${account}/Messages.json`)
    return refuse(404, 20404, "The requested resource was not found");
  return asked.method === "POST" ? create(desk, asked) : list(desk, url.searchParams);
}

function create(desk: Desk, asked: Asked): Answer {
  if (!asked.headers["content-type"]?.startsWith("application/x-www-form-urlencoded"))
    return refuse(400, 21604, "A 'To' phone number is required.");
  const form = new URLSearchParams(textIn(asked.body));
  const [to, text] = [form.get("To") ?? "", form.get("Body") ?? ""];
  const from = form.get("From") ?? form.get("MessagingServiceSid") ?? "";
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return refuse(400, 21211, `The 'To' number ${to} is not a valid phone number.`);
  if (from === "") return refuse(400, 21603, "A 'From' phone number is required.");
  if (text === "") return refuse(400, 21602, "Message body is required.");
  if (text.length > LONGEST)
    return refuse(400, 21617, "The concatenated message body exceeds the 1600 character limit");
  if (desk.blocked.has(`twilio:${to}`)) return refuse(400, 21610, "Attempt to send to unsubscribed recipient");
  const callback = form.get("StatusCallback");
  const made = desk.take({
    provider: "twilio",
    id: `SM${newId(16)}`,
    from,
    to,
    text,
    status: "queued",
    ...(callback === null ? {} : { callback }),
    asked: Object.fromEntries(form),
  });
  return { status: 201, json: shown(desk, made) };
}

function list(desk: Desk, query: URLSearchParams): Answer {
  const [to, from] = [query.get("To"), query.get("From")];
  const size = Number(query.get("PageSize") ?? PAGE);
  const messages = desk.taken
    .filter((m) => m.provider === "twilio" && (to === null || m.to === to) && (from === null || m.from === from))
    .toReversed()
    .slice(0, size);
  return { status: 200, json: { messages: messages.map((m) => shown(desk, m)), page: 0, page_size: size } };
}

/** RFC 2822, in whole seconds. */
const time = (ms: number): string => new Date(ms).toUTCString().replace("GMT", "+0000");

function shown(desk: Desk, m: Taken) {
  const isService = m.from.startsWith("MG");
  const isOut = m.status !== "queued" && m.status !== "accepted";
  return {
    sid: m.id,
    account_sid: desk.accounts.twilio.account,
    api_version: "2010-04-01",
    status: m.status,
    to: m.to,
    from: isService ? null : m.from,
    messaging_service_sid: isService ? m.from : null,
    body: m.text,
    num_segments: "1",
    num_media: "0",
    direction: "outbound-api",
    date_created: time(m.at),
    date_updated: time(m.at),
    date_sent: isOut ? time(m.at) : null,
    price: null,
    error_code: null,
    error_message: null,
    uri: `/2010-04-01/Accounts/${desk.accounts.twilio.account}/Messages/${m.id}.json`,
  };
}
