/** Messages into a Chatwoot conversation. Our id is kept in `content_attributes`, so that a lost answer can be looked up. */
import * as z from "zod/v4";
import type { Carried, Carrier, CarrierAccount, LookedUp } from "#brain/kernel/ports.ts";
import { type Answer, baseOf, type CarrierSettings, call } from "./call.ts";
import { type CodeTable, careful, carriedBy, incomplete, refusalOf, refused, unreadable } from "./verdict.ts";

/** Chatwoot's API has no codes of its own: everything goes by the status. */
const table: CodeTable = { optOut: [], sender: [], later: [], final: [] };

/** Chatwoot's limit on a message's text. */
const longest = 150_000;
/** Twenty messages each: more than anybody writes while an answer is being looked for. */
const mostPages = 5;

const Sent = () => z.object({ id: z.coerce.number().int().positive() });
const Listed = () =>
  z.object({
    payload: z.array(
      z.looseObject({
        id: z.coerce.number().int().positive(),
        created_at: z.number(),
        status: z.string().nullish(),
        // An empty one may be `[]`.
        content_attributes: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).nullish(),
      }),
    ),
  });

/** Whether the installation's address may be called; null when not. */
export type ChatwootCarrierSettings = Omit<CarrierSettings, "url"> & { reach(url: string): string | null };

type Reached = { settings: CarrierSettings; messages: string; headers: Record<string, string> };

function reached(of: CarrierAccount, given: { settings: ChatwootCarrierSettings; thread: Record<string, unknown> }) {
  const { settings, thread } = given;
  const { url, token } = of.secrets;
  const base = url === undefined ? null : settings.reach(url);
  const conversation = conversationIn(thread);
  if (!base || !token || !of.account) return incomplete;
  if (conversation === undefined) return refused("conversation_missing");
  const full = { ...settings, url: base };
  const account = encodeURIComponent(of.account);
  const messages = `${baseOf(full)}/api/v1/accounts/${account}/conversations/${conversation}/messages`;
  return { settings: full, messages, headers: { api_access_token: token, accept: "application/json" } };
}

/** The number that Chatwoot shows, alone or at the end of a mirrored id. */
function conversationIn(thread: Record<string, unknown>): string | undefined {
  const given = thread["conversation"];
  return /(?:^|:)([1-9][0-9]{0,15})$/.exec(String(given ?? ""))?.[1];
}

const isReached = (found: Reached | Carried): found is Reached => "messages" in found;

export function chatwootCarrier(settings: ChatwootCarrierSettings): Carrier {
  return careful({
    send: async (account, message) => {
      const at = reached(account, { settings, thread: message.thread });
      if (!isReached(at)) return at;
      if (message.text.length > longest) return refused("text_too_long");
      const body = JSON.stringify({
        content: message.text,
        message_type: "outgoing",
        private: false,
        content_attributes: { omneuro_ref: message.ref },
      });
      const headers = { ...at.headers, "content-type": "application/json" };
      return carriedBy(await call(at.settings, { method: "POST", url: at.messages, headers, body }), readSent);
    },
    lookup: async (account, { ref, since, thread }) => {
      const at = reached(account, { settings, thread });
      return isReached(at) ? search(at, { ref, since }) : { outcome: "unable" };
    },
  });
}

function readSent(answer: Answer): Carried {
  if (answer.status >= 200 && answer.status < 300) {
    const sent = Sent().safeParse(answer.body);
    return sent.success ? { outcome: "accepted", id: String(sent.data.id), state: "sent" } : unreadable;
  }
  // The account is there, or nothing would be: it is the conversation that is not.
  if (answer.status === 404) return { outcome: "refused", code: "conversation_missing", httpStatus: 404 };
  return refusalOf(answer, { table, provider: "chatwoot", code: undefined });
}

/** Chatwoot's times are whole seconds, and its clock is not ours. */
const skewSeconds = 30;

/** From the newest message back to before the attempt. */
async function search(at: Reached, { ref, since }: { ref: string; since: Date }): Promise<LookedUp> {
  const oldest = since.getTime() / 1000 - skewSeconds;
  let before: number | undefined;
  for (let page = 0; page < mostPages; page++) {
    const url = before === undefined ? at.messages : `${at.messages}?before=${before}`;
    const told = await call(at.settings, { method: "GET", url, headers: at.headers });
    const listed = told.kind === "answer" && told.status === 200 ? Listed().safeParse(told.body) : undefined;
    if (!listed?.success) return { outcome: "unable" };
    const { payload } = listed.data;
    const found = payload.find(
      (row) => !Array.isArray(row.content_attributes) && row.content_attributes?.["omneuro_ref"] === ref,
    );
    if (found) return { outcome: "found", id: String(found.id), state: "sent" };
    if (payload.length === 0 || payload.some((row) => row.created_at < oldest)) return { outcome: "absent" };
    before = Math.min(...payload.map((row) => row.id));
  }
  return { outcome: "unable" };
}
