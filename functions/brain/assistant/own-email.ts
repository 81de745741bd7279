/** A member proves that an e-mail address is his: digits are sent there, and he says them. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import type { Statement } from "#db/client.ts";
import { newPin, newToken, sameHash } from "../identity/index.ts";
import { raw, send } from "../kernel/batch.ts";
import { commit, replayCheck } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import type { Secrets } from "../kernel/ports.ts";
import { instant } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { segmentsOf } from "../outbound/index.ts";

const minutes = 30;
const tries = 5;

const hashOf = (secrets: Secrets, of: { email: string; salt: string; digits: string }): Promise<string> =>
  secrets.mac(`own email ${of.email} ${of.salt} ${of.digits}`);

const textsOf = (digits: string) => {
  const text = (subject: string, body: string) => ({ subject, body, parts: segmentsOf(body).parts });
  return {
    en: text(
      "Is this address yours?",
      `${digits} proves that this address is yours. Say it where you were asked, within ${minutes} minutes. If you were not asked, do nothing.`,
    ),
    da: text(
      "Er det din adresse?",
      `${digits} viser, at adressen er din. Skriv det, hvor du blev spurgt, inden ${minutes} minutter. Blev du ikke spurgt, så gør ingenting.`,
    ),
  };
};

export const askOwnEmail = verb(
  {
    name: "assistant.own_email.send",
    summary: "Send six digits to an address that is yours; whoever says them within half an hour has proven it",
    needs: "assistant:use",
    // What it sends is for a person to read, and to say.
    doors: ["rest"],
    effect: "write",
    proof: "recent",
    faults: ["person_required", "mail_sender_missing", "email_held", "person_erased", "too_many_attempts"],
    input: () => z.object({ email: z.email().max(254).toLowerCase() }),
    output: () => z.object({ email: z.string(), expires_at: z.string() }),
    example: () => ({ email: "karen@workshop.example" }),
  },
  async (ctx, { email }) => {
    const digits = newPin(ctx.ids);
    const salt = newToken(ctx.ids);
    const asked = {
      email,
      salt,
      hash: await hashOf(ctx.ports.secrets, { email, salt, digits }),
      minutes,
      contact: ctx.ids.next("contact"),
      message: ctx.ids.next("message"),
      texts: textsOf(digits),
    };
    return commit(ctx, {
      change: sql`select * from assistant.send_own_email(${JSON.stringify(asked)}::jsonb)`,
      event: { kind: "assistant.own_email.sent", ref: ["outbound_message", asked.message] },
      wake: sql`outbound.wake(${ctx.ids.next("outbox")}, 'outbound.dispatch', change.sender, shared.clock())`,
    });
  },
  (row) => ({ email: String(row["email"]), expires_at: instant(String(row["until"])) }),
);

type Tried = { email: string; hash: string; salt: string };

export const proveOwnEmail = verb(
  {
    name: "assistant.own_email.verify",
    summary: "Say the digits that were sent to your address; from then on it is proven to be yours",
    needs: "assistant:use",
    doors: ["rest"],
    effect: "write",
    // A try is spent before anything is compared.
    steps: 2,
    faults: ["person_required", "digits_wrong", "digits_expired", "digits_attempts_exceeded", "email_taken"],
    input: () =>
      z.object({
        digits: z
          .string()
          .trim()
          .regex(/^[0-9]{6}$/, "six digits"),
      }),
    output: () => z.object({ email: z.string(), email_verified_at: z.string() }),
    example: () => ({ digits: "123456" }),
  },
  async (ctx, { digits }) => {
    const answers = await send(ctx, [
      ...replayCheck(ctx),
      raw<{ tried: Tried | null }>(
        ctx,
        sql`select identity.try_own_email(${tries}::int) as tried where assistant.me() is not null`,
      ),
    ] as Statement[]);
    const tried = (answers.at(-1) as unknown as { rows: { tried: Tried | null }[] }).rows[0]?.tried;
    const proof = tried ? await hashOf(ctx.ports.secrets, { ...tried, digits }) : "";
    if (tried && !sameHash(proof, tried.hash)) {
      throw new Fault("unprocessable", "digits_wrong", { detail: "Those are not the digits." });
    }
    return commit(ctx, {
      change: sql`select u.email, u.email_verified_at as at from identity.prove_own_email(${proof}) u`,
      event: { kind: "assistant.own_email.verified", ref: ["planner", "own"] },
      lost: () => new Fault("conflict", "digits_expired"),
    });
  },
  (row) => ({ email: String(row["email"]), email_verified_at: instant(String(row["at"])) }),
);
