// Joining with a PIN that the owner received: every line of the story, and what must not happen.
import { beforeAll, describe, expect, test } from "vitest";
import { cost } from "#brain/identity/password.ts";
import { password, type World, world } from "#test/kit/world.ts";
import { act, asked, bound, confirm, fresh, goodPassword, outcome, signIn, start, unbind, write } from "./joining.ts";

let w: World;
let count = 0;
const name = () => `joiner-${w.a.accountId}-${++count}`;

beforeAll(async () => {
  w = await world({ passwordCost: cost });
});

describe("the owner's Telegram", () => {
  test("before it is bound nobody can ask to join; the printed code binds it once, and a second user's /bind is ignored", async () => {
    await unbind(w);
    expect(await outcome(await start(w, name()))).toEqual([409, "telegram_owner_not_bound"]);
    const code = await bound(w, password);
    const [row] = await w.neon.query("select value from identity.app_settings where key = 'telegram'");
    expect(JSON.parse(String(row?.["value"]))).toMatchObject({
      owner: { user: "900000000000000001", chat: "900000000000000001" },
    });
    expect(String(row?.["value"])).not.toContain(code);
    for (const text of [`/bind ${code}`, "/bind", "/bind AAAAAAAAAAAAAAAA", "/bind@omneuro_bot"])
      expect(await write(w, { from: "55", text })).toEqual({ status: 200, body: { outcome: "ignored" } });
    await start(w, name());
    expect(w.messenger.sent.at(-1)?.to).toBe("900000000000000001");
  });

  test("the bound owner's own /bind follows him to another chat; an id beyond 53 bits stays what it is", async () => {
    await bound(w, password);
    const moved = { from: "900000000000000001", chat: "9007199254740993", text: "/bind" };
    expect((await write(w, moved)).body).toEqual({ outcome: "refreshed" });
    await start(w, name());
    expect(w.messenger.sent.at(-1)?.to).toBe("9007199254740993");
  });

  test("an update heard before is not heard again, and whatever else arrives is answered 200", async () => {
    await bound(w, password);
    const update = { from: "900000000000000001", text: "/bind", update: 4_000_000_001 };
    expect((await write(w, update)).body).toEqual({ outcome: "refreshed" });
    expect((await write(w, { ...update, chat: "77" })).body).toEqual({ outcome: "repeated" });
    const headers = { "x-telegram-bot-api-secret-token": "telegram-secret-of-the-tests" };
    for (const body of ["", "null", "[]", '{"update_id":1}', '{"message":{"text":7}}', '{"a":'])
      expect((await w.fetch("/v1/hooks/telegram/owner", { method: "POST", headers, body })).status).toBe(200);
    expect((await write(w, { from: "1", text: "hello" })).body).toEqual({ outcome: "ignored" });
  });

  test("without Telegram's secret nothing is heard; without a bot there is no door", async () => {
    for (const secret of ["", "telegram-secret-of-the-testz", "telegram-secret-of-the-tests2"])
      expect((await write(w, { from: "1", text: "/bind", secret })).status).toBe(401);
    const alone = await world();
    delete alone.runtime.telegramSecret;
    delete alone.runtime.ports.messenger;
    const refused = await write(alone, { from: "1", text: "/bind" });
    expect([refused.status, refused.body.code]).toEqual([503, "telegram_not_configured"]);
    expect(await outcome(await start(alone, name()))).toEqual([503, "telegram_not_configured"]);
  });

  test("a code dies after a day and when a newer one is made; only who installed the system makes one", async () => {
    await unbind(w);
    const json = {};
    const stranger = await w.fetch("/v1/identity/telegram/code", { json, key: w.a.apiKey, headers: fresh() });
    expect(await outcome(stranger)).toEqual([403, "installation_owner_only"]);
    const owner = await signIn(w, { username: w.a.username, password });
    const make = async () =>
      ((await (await act(w, owner, "/v1/identity/telegram/code")).json()) as { code: string }).code;
    const [first, second] = [await make(), await make()];
    expect((await write(w, { from: "8", text: `/bind ${first}` })).body.outcome).toBe("ignored");
    w.clock.advance(24 * 3_600_000 + 1000);
    expect((await write(w, { from: "8", text: `/bind ${second}` })).body.outcome).toBe("ignored");
  });
});

describe("signing up", () => {
  beforeAll(() => bound(w, password));

  test("the PIN reaches the owner and nobody else: no answer, no log line and no table holds it", async () => {
    const username = name();
    const answer = await start(w, username);
    const text = await answer.text();
    expect([answer.status, Object.keys(JSON.parse(text)).sort()]).toEqual([200, ["expires_at", "signup_request_id"]]);
    const said = w.messenger.sent.at(-1)?.text ?? "";
    expect(said).toContain(username);
    const pin = /PIN (\d{6})/.exec(said)?.[1] ?? "";
    expect(pin).toMatch(/^\d{6}$/);
    const [row] = await w.neon.query("select to_jsonb(r) as row from identity.signup_requests r where username = $1", [
      username,
    ]);
    const stored = row?.["row"] as { pin_hash: string; pin_salt: string; password_hash: string };
    expect(stored.pin_salt.length).toBeGreaterThan(20);
    expect(stored.password_hash).toMatch(/^scrypt\$v=1\$16384,8,5\$/);
    for (const value of Object.values(stored)) expect(String(value)).not.toBe(pin);
    const dump = `${text} ${JSON.stringify(w.lines)} ${stored.pin_hash} ${stored.password_hash}`;
    expect(dump.split(/[^0-9A-Za-z_-]+/)).not.toContain(pin);
    expect(dump).not.toContain(goodPassword);
  });

  test("the right PIN makes the user, his session and its cookie; the request is used up", async () => {
    const username = name();
    const { request, pin } = await asked(w, username);
    const answer = await confirm(w, request, pin);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("set-cookie")).toMatch(/^omneuro_session=\w+; .*HttpOnly; SameSite=Lax$/);
    const cookie = (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    expect(JSON.stringify(await answer.json())).not.toContain(cookie.split("=")[1]);
    const me = await w.fetch("/v1/identity/me", { headers: { cookie } });
    expect(await me.json()).toMatchObject({ username, project: null, projects: [], permissions: [] });
    const lists = await w.fetch("/v1/people/contacts", { headers: { cookie } });
    expect(await outcome(lists)).toEqual([409, "project_required"]);
    const [row] = await w.neon.query("select used_at from identity.signup_requests where id = $1", [request]);
    expect(row?.["used_at"]).not.toBeNull();
    expect(await outcome(await confirm(w, request, pin))).toEqual([400, "signup_request_invalid"]);
    expect(await outcome(await start(w, username))).toEqual([409, "username_taken"]);
    expect((await w.fetch("/v1/identity/login", { json: { username, password: goodPassword } })).status).toBe(200);
  });

  test("after eleven minutes the PIN is worth nothing", async () => {
    const { request, pin } = await asked(w, name());
    w.clock.advance(11 * 60_000);
    expect(await outcome(await confirm(w, request, pin))).toEqual([400, "pin_expired"]);
  });

  test("eight wrong tries use it up: the right one is too late", async () => {
    const { request, pin, wrong } = await asked(w, name());
    for (let i = 0; i < 8; i++) expect(await outcome(await confirm(w, request, wrong))).toEqual([401, "invalid_pin"]);
    expect(await outcome(await confirm(w, request, pin))).toEqual([429, "pin_attempts_exceeded"]);
  });

  test("a new PIN ends the one before, and one request's PIN opens no other", async () => {
    const username = name();
    const first = await asked(w, username);
    const second = await asked(w, username);
    expect(await outcome(await confirm(w, first.request, first.pin))).toEqual([400, "pin_expired"]);
    const other = await asked(w, name());
    if (other.pin !== second.pin)
      expect(await outcome(await confirm(w, second.request, other.pin))).toEqual([401, "invalid_pin"]);
    expect((await confirm(w, second.request, second.pin)).status).toBe(200);
    expect(await outcome(await confirm(w, w.a.project, "123456"))).toEqual([400, "signup_request_invalid"]);
  });

  test("a PIN that could not be sent leaves no request behind", async () => {
    const username = name();
    w.messenger.down();
    expect(await outcome(await start(w, username))).toEqual([502, "telegram_send_failed"]);
    w.messenger.up();
    expect(await w.neon.query("select 1 from identity.signup_requests where username = $1", [username])).toEqual([]);
  });

  test("too short, too common, one's own name: refused before anything is counted or sent", async () => {
    const before = w.messenger.sent.length;
    expect((await start(w, name(), "short")).status).toBe(400);
    expect((await start(w, name(), "x".repeat(129))).status).toBe(400);
    expect((await start(w, "Not A Name")).status).toBe(400);
    for (const common of ["password", "Password", "qwertyuiop", "iloveyou", "12345678", "trustno1"])
      expect(await outcome(await start(w, name(), common))).toEqual([400, "password_common"]);
    const own = name();
    expect(await outcome(await start(w, own, `${own}1`))).toEqual([400, "password_common"]);
    expect(w.messenger.sent.length).toBe(before);
  });

  test("the sixth start for a name in fifteen minutes waits, and no password is hashed for it", async () => {
    const username = name();
    for (let i = 0; i < 5; i++) expect((await start(w, username)).status).toBe(200);
    const sixth = await start(w, username);
    expect(Number(sixth.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await outcome(sixth)).toEqual([429, "too_many_attempts"]);
    w.clock.advance(15 * 60_000);
    expect((await start(w, username)).status).toBe(200);
  });

  test("one network asks twenty times an hour, whatever the names", async () => {
    w.clock.advance(3_600_000);
    await bound(w, password);
    const from = (address: string) =>
      w.fetch("/v1/auth/signup/start", {
        json: { username: w.a.username, password: goodPassword },
        headers: { "cf-connecting-ip": address },
      });
    for (let i = 0; i < 5; i++) expect((await from("2001:db8:7:7::1")).status).toBe(409);
    await w.neon.query("update identity.attempts set count = 20 where key like 'signup_from:%'");
    w.clock.advance(15 * 60_000);
    expect(await outcome(await from("2001:db8:7:7::2"))).toEqual([429, "too_many_attempts"]);
    expect((await from("2001:db8:7:8::1")).status).toBe(409);
  });
});
