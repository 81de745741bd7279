/** The owner's Telegram on this machine: bound through the real webhook, for PINs and for his planner, with codes that this start made. */
import { bindCodeHash, newBindCode } from "#brain/identity/credentials.ts";
import { wallClock } from "#brain/kernel/clock.ts";
import { makeIds } from "#brain/kernel/ids.ts";
import { secretsFrom } from "#providers/secrets.ts";
import type { LocalNeon } from "../neon.ts";
import type { LocalTelegram } from "../telegram.ts";
import { type Installed, type StateFile, telegramOf } from "./state.ts";

/** The one person there is on this Telegram; larger than 32 bits, as theirs are. */
const OWNER = "5200000001";
const SECONDS = 300;

/** Tells the stand-in where updates go, and binds its person unless somebody is bound already. */
export async function bindOwner(
  neon: LocalNeon,
  { telegram, file, url }: { telegram: LocalTelegram; file: StateFile; url: string },
): Promise<void> {
  const { token, secret } = telegramOf(file);
  await fetch(`${telegram.url}/bot${token}/setWebhook`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      url: `${url}/v1/hooks/telegram/owner`,
      secret_token: secret,
      allowed_updates: ["message", "edited_message", "callback_query"],
    }),
  });
  const [known] = await neon.query("select value from identity.app_settings where key = 'telegram'");
  const settings = JSON.parse(String(known?.["value"] ?? "{}")) as { owner?: unknown };
  if (settings.owner) return;
  const code = newBindCode(makeIds(wallClock));
  const hash = await bindCodeHash(secretsFrom(file.state.secretsKeys), code);
  const until = new Date(Date.now() + SECONDS * 1000).toISOString();
  const value = JSON.stringify({ ...settings, code: { hash, until } });
  await neon.query(
    `insert into identity.app_settings (key, value) values ('telegram', $1)
     on conflict (key) do update set value = excluded.value`,
    [value],
  );
  const status = await telegram.updates.send({ from: OWNER, text: `/bind ${code}` });
  if (status !== 200) throw new Error(`Telegram could not be bound: the webhook answered ${status}.`);
}

/** The same person's planner in the demo project, so that his first message is understood. Whoever unlinks it has done so. */
export async function bindPlanner(
  neon: LocalNeon,
  { telegram, url, installed }: { telegram: LocalTelegram; url: string; installed: Installed },
): Promise<void> {
  const known = "select from assistant.telegram_chats where project_id = $1 limit 1";
  if ((await neon.query(known, [installed.project])).length > 0) return;
  const answer = await fetch(`${url}/v1/assistant/telegram/code`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${installed.apiKey}`,
      "content-type": "application/json",
      "idempotency-key": `"${newBindCode(makeIds(wallClock))}"`,
    },
    body: "{}",
  });
  // A key of an earlier version may not speak to a planner.
  if (answer.status === 403) return;
  const { code } = (await answer.json()) as { code: string };
  await telegram.updates.send({ from: OWNER, text: `/start ${code}` });
}
