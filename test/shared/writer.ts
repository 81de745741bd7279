// Somebody who writes to the house, and what the house then writes about him.
import { expect } from "vitest";
import { caller } from "#test/field/floor.ts";
import { contact, conversation, heard, type Json, message, rows, type Talk, talk } from "#test/inbox/chatwoot.ts";
import { deliver } from "#test/kit/jobs.ts";
import type { Tenant, World } from "#test/kit/world.ts";

export type Him = { at: Talk; person: string; word: string; phone: string; email: string; card: Json };

let made = 0;

/** Somebody who writes, and about whom a colleague writes a private note. */
export async function writes(w: World, who: Tenant): Promise<Him> {
  made += 1;
  const at = talk(who);
  const word = `kanarie${process.pid}x${made}`;
  const phone = `+4531${String(200_000 + process.pid * 7 + made).slice(-6)}`;
  const email = `${word}@example.dk`;
  const card = { name: `Frida ${word}`, phone_number: phone, email };
  const sender = contact(at, card);
  await heard(w, who, message(at, { content: `Min kedel ${word} larmer`, sender }));
  await heard(
    w,
    who,
    message(at, {
      content: `Hun hedder ${word} og betaler altid`,
      private: true,
      message_type: "outgoing",
      sender: { id: 5, type: "user", name: "Lars" },
      conversation: conversation(at, { meta: { sender: { ...sender, type: "contact" } } }),
    }),
  );
  const [row] = await rows(
    w,
    who,
    "select person_id from inbox.cw_contacts where project_id = $1 and contact_id = $2",
    [at.contact],
  );
  return { at, person: String(row?.["person_id"]), word, phone, email, card };
}

/** A job of his, with what colleagues write about it, and an answer that quotes him. */
export async function hasWork(w: World, who: Tenant, him: Him): Promise<void> {
  const call = caller(w, who.apiKey);
  const job = await call("/v1/field/jobs", {
    client: him.person,
    title: `Boiler of ${him.word}`,
    notes: `Key under the mat, ${him.word}`,
  });
  expect(job.status).toBe(201);
  await call(`/v1/field/jobs/${job.body["id"]}/notes`, {
    text: `Customer ${him.word} was in a bad mood`,
    visibility: "internal",
  });
  await deliver(w, "memory.embed", { project: who.project });
  const answer = await call("/v1/ask", { question: `Why is the boiler of ${him.word} noisy, kedel larmer?` });
  expect(answer.status).toBe(200);
}
