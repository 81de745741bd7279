/** A person with a telephone who writes to the bot: what is done on the page becomes an update, as Telegram would tell it. */
import type { Answer, Asked } from "../loopback.ts";
import { phonePage, talkList } from "./page.ts";
import type { Line, Talk } from "./talk.ts";
import type { Delivered } from "./updates.ts";

export type PhoneOptions = {
  person: string;
  talk: Talk;
  now(): number;
  updateId(): number;
  push(body: string): Promise<Delivered>;
};

const LONGEST = 4096;

const became = ({ status, tries }: Delivered): string => {
  if (tries === 0) return "the webhook does not want updates of this kind";
  const often = tries > 1 ? ` after ${tries} tries` : "";
  return status >= 200 && status <= 299 ? `delivered${often}` : `not delivered: ${status}${often}`;
};

export function phoneDesk({ person, talk, now, updateId, push }: PhoneOptions) {
  const chat = { id: Number(person), type: "private" };
  const from = { id: Number(person), is_bot: false, first_name: "You", language_code: "en" };

  const messageOf = (line: Line) => ({ message_id: line.id, date: line.date, chat, from });

  /** Told in the background: a Worker that is away is asked again, and the page shows it. */
  function tell(line: Line, update: Record<string, unknown>): void {
    line.update = JSON.stringify({ update_id: updateId(), ...update });
    line.became = "on its way";
    send(line);
  }

  function send(line: Line): void {
    push(line.update ?? "").then(
      (done) => {
        line.became = became(done);
      },
      (error: unknown) => {
        line.became = String(error);
      },
    );
  }

  function say(text: string): void {
    // A telephone cuts a long text into several messages.
    for (let at = 0; at < text.length; at += LONGEST) {
      const line = talk.put({ chat: person, own: true, text: text.slice(at, at + LONGEST) });
      tell(line, { message: { ...messageOf(line), text: line.text } });
    }
  }

  function edit(line: Line, text: string): void {
    Object.assign(line, { text, edited: true });
    tell(line, { edited_message: { ...messageOf(line), edit_date: Math.floor(now() / 1000), text } });
  }

  function voice(): void {
    const line = talk.put({ chat: person, own: true, text: "Voice note, 0:03", spoken: true });
    const file = { file_id: `voice-${line.id}`, file_unique_id: `v${line.id}`, duration: 3, mime_type: "audio/ogg" };
    tell(line, { message: { ...messageOf(line), voice: file } });
  }

  function press(line: Line, data: string): void {
    const id = String(updateId());
    talk.toast = "";
    talk.pressed.add(id);
    const message = { message_id: line.id, date: line.date, chat, text: line.text };
    push(
      JSON.stringify({ update_id: Number(id), callback_query: { id, from, message, chat_instance: person, data } }),
    ).catch(() => talk.pressed.delete(id));
  }

  const acts: Record<string, (form: URLSearchParams, line: Line | undefined) => void> = {
    "/say": (form) => say((form.get("text") ?? "").replaceAll("\r\n", "\n").trim()),
    "/edit": (form, line) => {
      const text = (form.get("text") ?? "").replaceAll("\r\n", "\n").trim().slice(0, LONGEST);
      if (line?.own && !line.spoken && text !== "") edit(line, text);
    },
    "/again": (_, line) => {
      if (line?.update) send(line);
    },
    "/voice": voice,
    "/press": (form, line) => {
      const data = form.get("data") ?? "";
      if (line?.buttons.flat().some((button) => button.callback_data === data)) press(line, data);
    },
  };

  function write({ headers, body }: Asked, path: string): Answer {
    // Another site's page shall not write in somebody's name, not even here.
    if (headers["origin"] !== undefined && headers["origin"] !== `http://${headers["host"]}`)
      return { status: 403, json: { error: "This form is sent from its own page." } };
    const form = new URLSearchParams(body.toString("utf8"));
    acts[path]?.(form, talk.find(person, Number(form.get("id"))));
    return { status: 303, headers: { location: "/" } };
  }

  /** Undefined for what is no page of this telephone. */
  return (asked: Asked, { pathname, searchParams }: URL): Answer | undefined => {
    if (asked.method === "POST") return acts[pathname] ? write(asked, pathname) : undefined;
    if (pathname === "/talk") return talkList(talk, person);
    if (pathname !== "/") return undefined;
    const line = talk.find(person, Number(searchParams.get("edit") ?? Number.NaN));
    return phonePage(talk, { person, ...(line?.own && !line.spoken ? { edited: line } : {}) });
  };
}
