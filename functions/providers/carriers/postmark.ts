/** E-mail through Postmark. Our id travels in the metadata and is searched for when an answer was lost. */
import * as z from "zod/v4";
import type { Carried, Carrier, CarrierAccount, Outgoing } from "#brain/kernel/ports.ts";
import { type Answer, baseOf, type CarrierSettings, call } from "./call.ts";
import { mailHeaders, subjectOf, wayOutMissing } from "./mail.ts";
import { type CodeTable, careful, carriedBy, incomplete, refusalOf, refused, unreadable } from "./verdict.ts";

/** postmarkapp.com/developer/api/overview#error-codes */
const table: CodeTable = {
  // Bounced, complained or unsubscribed: Postmark delivers nothing to this address.
  optOut: ["406"],
  sender: [
    "10", // token
    "400", // sender signature missing
    "401", // sender signature not confirmed
    "405", // out of credit
    "412", // account not approved yet
    "413", // account may not send
    "1235", // no such stream
  ],
  later: ["100"],
  final: ["300", "402", "403", "407", "409", "411"],
};

const Sent = () => z.object({ ErrorCode: z.literal(0), MessageID: z.string().min(1) });
const Refusal = () => z.object({ ErrorCode: z.coerce.string() });
const Found = () => z.object({ Messages: z.array(z.object({ MessageID: z.string(), Status: z.string().optional() })) });

/** The name of our id in the metadata: at most 20 characters. */
const ours = "omneuro_ref";

/** A server has a stream for each kind of mail; these two are made with it. */
const streams = ({ secrets }: CarrierAccount) => ({
  transactional: secrets["stream"] ?? "outbound",
  marketing: secrets["marketing_stream"] ?? "broadcast",
});

export function postmark(settings: CarrierSettings): Carrier {
  const headersOf = (token: string) => ({
    "x-postmark-server-token": token,
    "content-type": "application/json",
    accept: "application/json",
  });
  return careful({
    send: async (account, message) => {
      const token = account.secrets["token"];
      if (!token) return incomplete;
      const headers = mailHeaders(message);
      if (!headers) return refused(wayOutMissing);
      const body = JSON.stringify(letter(account, { message, headers }));
      const request = { method: "POST", url: `${baseOf(settings)}/email`, headers: headersOf(token), body } as const;
      return carriedBy(await call(settings, request), readSent);
    },
    lookup: async (account, { ref }) => {
      const token = account.secrets["token"];
      if (!token) return { outcome: "unable" };
      // A search is about one stream; which one it left by is not told here.
      for (const stream of new Set(Object.values(streams(account)))) {
        const asked = new URLSearchParams({
          count: "1",
          offset: "0",
          messagestream: stream,
          [`metadata_${ours}`]: ref,
        });
        const url = `${baseOf(settings)}/messages/outbound?${asked}`;
        const told = await call(settings, { method: "GET", url, headers: headersOf(token) });
        const found = told.kind === "answer" && told.status === 200 ? Found().safeParse(told.body) : undefined;
        if (!found?.success) return { outcome: "unable" };
        const [message] = found.data.Messages;
        if (message) return { outcome: "found", id: message.MessageID, ...stateOf(message.Status) };
      }
      return { outcome: "absent" };
    },
  });
}

const stateOf = (status: string | undefined): { state?: "sent" } => (status === "Sent" ? { state: "sent" } : {});

function letter(account: CarrierAccount, of: { message: Outgoing; headers: Record<string, string> }) {
  const { message, headers } = of;
  const replyTo = message.thread["reply_to"];
  const { marketing, transactional } = streams(account);
  return {
    From: message.from,
    To: message.to,
    Subject: subjectOf(message),
    TextBody: message.text,
    ...(message.html === undefined ? {} : { HtmlBody: message.html }),
    ...(typeof replyTo === "string" ? { ReplyTo: replyTo } : {}),
    Headers: Object.entries(headers).map(([Name, Value]) => ({ Name, Value })),
    MessageStream: message.class === "marketing" ? marketing : transactional,
    Metadata: { [ours]: message.ref },
    TrackOpens: false,
    TrackLinks: "None",
  };
}

function readSent(answer: Answer): Carried {
  if (answer.status === 200) {
    const sent = Sent().safeParse(answer.body);
    if (sent.success) return { outcome: "accepted", id: sent.data.MessageID };
  }
  const code = Refusal().safeParse(answer.body).data?.ErrorCode;
  if (answer.status === 200 && (code === undefined || code === "0")) return unreadable;
  return refusalOf(answer, { table, provider: "postmark", code });
}
