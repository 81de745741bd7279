// A person with a telephone: what he writes to the bot, presses and edits, and what the bot says in the webhook's response.
import { type Tenant, telegramSecret, type World } from "#test/kit/world.ts";
import { freshKey, rowsOf } from "./talking.ts";

export type Button = { text: string; callback_data: string };
export type BotSays = {
  method?: string;
  chat_id?: string;
  message_id?: number;
  text?: string;
  outcome?: string;
  code?: string;
  reply_markup?: { inline_keyboard: Button[][] };
};

let updates = 0;
const next = (): number => (updates += 1);

export type Posted = { status: number; bytes: string; says: BotSays };

export async function post(w: World, update: string, secret = telegramSecret): Promise<Posted> {
  const headers = { "x-telegram-bot-api-secret-token": secret, "content-type": "application/json" };
  const answer = await w.fetch("/v1/hooks/telegram/owner", { method: "POST", headers, body: update });
  const bytes = await answer.text();
  return { status: answer.status, bytes, says: JSON.parse(bytes) as BotSays };
}

/** Telegram's ids exceed 53 bits in these stories: they are written out. */
export type Phone = { user: string; language?: string };

const from = ({ user, language = "en" }: Phone) =>
  `"from":{"id":${user},"is_bot":false,"first_name":"Karen","language_code":"${language}"}`;
const chat = ({ user }: Phone) => `"chat":{"id":${user},"type":"private"}`;

export type Told = { message?: number; update?: number; more?: string };

export function update(phone: Phone, kind: "message" | "edited_message", body: string, told: Told = {}): string {
  const { message = next(), update: id = next() } = told;
  return `{"update_id":${id},"${kind}":{"message_id":${message},"date":1,${chat(phone)},${from(phone)},${body}}}`;
}

export const textUpdate = (phone: Phone, text: string, told: Told = {}) =>
  update(phone, "message", `"text":${JSON.stringify(text)}`, told);

export const tell = (w: World, phone: Phone, text: string, told: Told = {}) => post(w, textUpdate(phone, text, told));

export const edit = (w: World, phone: Phone, text: string, told: Told) =>
  post(w, update(phone, "edited_message", `"text":${JSON.stringify(text)},"edit_date":2`, told));

export const pressUpdate = (phone: Phone, data: string, message = 77): string =>
  `{"update_id":${next()},"callback_query":{"id":"${next()}",${from(phone)},"data":${JSON.stringify(data)},"message":{"message_id":${message},${chat(phone)}}}}`;

export const press = (w: World, phone: Phone, data: string) => post(w, pressUpdate(phone, data));

export const buttons = ({ says }: Posted): Button[] => (says.reply_markup?.inline_keyboard ?? []).flat();
export const button = (posted: Posted, label: RegExp): string =>
  buttons(posted).find(({ text }) => label.test(text))?.callback_data ?? "";

export async function codeFor(w: World, key: string): Promise<string> {
  const answer = await w.fetch("/v1/assistant/telegram/code", {
    key,
    json: {},
    headers: { "idempotency-key": freshKey() },
  });
  return ((await answer.json()) as { code: string }).code;
}

let phones = 0;
/** A telephone that nobody has used. */
export const newPhone = (language = "en"): Phone => ({
  user: String(9_007_199_254_800_000n + BigInt(process.pid) * 1000n + BigInt(++phones)),
  language,
});

export async function boundPhone(w: World, key: string, language = "en"): Promise<Phone> {
  const phone = newPhone(language);
  await tell(w, phone, `/start ${await codeFor(w, key)}`);
  return phone;
}

export const titles = async (w: World, own: Tenant, status = "open") =>
  (await rowsOf(w, own, "tasks", "title, status")).filter((row) => row["status"] === status).map((row) => row["title"]);

const held = [
  "inbox_items",
  "captures",
  "capture_changes",
  "questions",
  "tasks",
  "recent_context_items",
  "telegram_chats",
];

/** Rows of everything that a person's planner and its ledger hold. */
export async function weight(w: World, own: Tenant): Promise<unknown[]> {
  const counts = await Promise.all(held.map(async (table) => (await rowsOf(w, own, table, "project_id")).length));
  const [events] = await w.neon.query("select count(*)::int as n from shared.events where project_id = $1", [
    own.project,
  ]);
  return [...counts, events?.["n"]];
}
