// What the stories of joining share: the owner's Telegram and a sign-up up to its PIN.
import { telegramSecret, type World } from "#test/kit/world.ts";

export const goodPassword = "five herons over the fjord";

let updates = 0;
let acts = 0;

/** Settings of the installation are one row, whoever used this database before. */
export const unbind = (w: World) => w.neon.query("delete from identity.app_settings where key = 'telegram'");

export type Writing = { from: string; text: string; chat?: string; update?: number; secret?: string };

/** An update as Telegram sends it; ids are written out, however large. */
export async function write(w: World, { from, text, chat = from, update, secret = telegramSecret }: Writing) {
  updates += 1;
  const body = `{"update_id":${update ?? updates},"message":{"message_id":1,"date":1,"chat":{"id":${chat},"type":"private"},"from":{"id":${from},"is_bot":false},"text":${JSON.stringify(text)}}}`;
  const headers = { "x-telegram-bot-api-secret-token": secret, "content-type": "application/json" };
  const answer = await w.fetch("/v1/hooks/telegram/owner", { method: "POST", headers, body });
  return { status: answer.status, body: (await answer.json()) as { outcome?: string; code?: string } };
}

export type Session = { cookie: string; csrf: string };

export const sessionIn = async (answer: Response): Promise<Session> => ({
  cookie: (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "",
  csrf: ((await answer.json()) as { csrf_token: string }).csrf_token,
});

export const withSession = ({ cookie, csrf }: Session) => ({ cookie, "x-csrf-token": csrf });

export async function signIn(w: World, login: { username: string; password: string }): Promise<Session> {
  return sessionIn(await w.fetch("/v1/identity/login", { json: login }));
}

/** The owner of tenant a has bound the Telegram of user 900000000000000001. */
export async function bound(w: World, password: string): Promise<string> {
  await unbind(w);
  const owner = await signIn(w, { username: w.a.username, password });
  const answer = await act(w, owner, "/v1/identity/telegram/code");
  const { code } = (await answer.json()) as { code: string };
  await write(w, { from: "900000000000000001", text: `/bind ${code}` });
  return code;
}

export const start = (w: World, username: string, password = goodPassword) =>
  w.fetch("/v1/auth/signup/start", { json: { username, password } });

export const confirm = (w: World, request: string, pin: string) =>
  w.fetch("/v1/auth/signup/confirm", { json: { signup_request_id: request, pin } });

export const outcome = async (answer: Response) => [answer.status, ((await answer.json()) as { code?: string }).code];

/** The request and the PIN that the owner was sent. */
export async function asked(w: World, username: string): Promise<{ request: string; pin: string; wrong: string }> {
  const answer = await start(w, username);
  const { signup_request_id: request } = (await answer.json()) as { signup_request_id: string };
  const pin = /PIN (\d{6})/.exec(w.messenger.sent.at(-1)?.text ?? "")?.[1] ?? "";
  return { request, pin, wrong: pin === "000000" ? "000001" : "000000" };
}

/** An Idempotency-Key that nobody has used. */
export const fresh = () => ({ "idempotency-key": `"fresh-${++acts}"` });

/** A write by somebody who is signed in. */
export const act = (w: World, who: Session, path: string, json: unknown = {}) =>
  w.fetch(path, {
    json,
    headers: { ...withSession(who), ...fresh() },
  });

export async function invited(w: World, owner: Session, role: string) {
  const answer = await act(w, owner, "/v1/identity/invitations", { role });
  return (await answer.json()) as { id: string; token: string; link: string; status: string };
}

/** Somebody new, with a role in the owner's project; the id is his membership's. */
export async function member(w: World, given: { owner: Session; username: string; role: string }) {
  const who = await joined(w, given.username);
  const { token } = await invited(w, given.owner, given.role);
  const answer = await act(w, who, "/v1/identity/invitations/accept", { token });
  const { membership: id } = (await answer.json()) as { membership: string };
  return { who, id };
}

/** Somebody who has joined and belongs nowhere yet. */
export async function joined(w: World, username: string): Promise<Session> {
  const { request, pin } = await asked(w, username);
  return sessionIn(await confirm(w, request, pin));
}
