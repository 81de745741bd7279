/** A small firm's morning, heard through the webhook door and remembered, for the browser to look at. */
import { conversation, heard, message, type Talk, talk } from "#test/inbox/chatwoot.ts";
import { scriptedEmbedder } from "#test/kit/embedder.ts";
import { deliverPublished } from "#test/kit/jobs.ts";
import { type World, world } from "#test/kit/world.ts";

const lars = { id: 33, name: "Lars Toft", type: "user" };

const person = (at: Talk, name: string) => ({
  sender: { id: at.contact, name, type: "contact", email: null, phone_number: null },
  conversation: conversation(at, { meta: { sender: { id: at.contact, name, type: "contact" }, assignee: null } }),
});

export type Morning = { w: World; mette: Talk; karl: Talk; say(at: Talk, name: string, text: string): Promise<void> };

export async function morning(): Promise<Morning> {
  const w = await world({ embedder: scriptedEmbedder().port });
  const [mette, karl] = [talk(w.a), talk(w.a)];
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 15, 7, minute)).toISOString();
  const ours = { message_type: "outgoing", sender: lars };
  const told = [
    message(mette, { ...person(mette, "Mette Holm"), content: "The heat pump is noisy again.", created_at: at(1) }),
    message(mette, {
      ...person(mette, "Mette Holm"),
      ...ours,
      content: "We replace the fan bearing on Thursday at nine.",
      created_at: at(5),
    }),
    message(mette, {
      ...person(mette, "Mette Holm"),
      ...ours,
      content: "The spare key is with the neighbour.",
      private: true,
      created_at: at(6),
    }),
    message(karl, { ...person(karl, "Karl Bech"), content: "What does a service visit cost?", created_at: at(20) }),
    message(karl, {
      ...person(karl, "Karl Bech"),
      ...ours,
      content: "A service visit costs 1,450 kroner.",
      created_at: at(22),
    }),
  ];
  for (const one of told) await heard(w, w.a, one);
  await w.settled();
  w.clock.advance(5_000);
  await deliverPublished(w);
  const say = async (where: Talk, name: string, text: string) => {
    const sent = { ...person(where, name), content: text, created_at: w.clock.now().toISOString() };
    await heard(w, w.a, message(where, sent));
  };
  return { w, mette, karl, say };
}
