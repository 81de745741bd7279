/** What can be said to a customer who asks: from what he may know, and never from his own question. */
import type { Ctx } from "../kernel/ctx.ts";
import { ask } from "./ask.ts";

/** As long as a question may be. */
const longestQuestion = 1000;

type Asked = {
  question: string;
  contact: string;
  /** The rows that hold the question: they are in memory too, and no answer to themselves. */
  own: { table: string; pks: readonly string[] };
};

/** The words with what they rest on; none where nothing answers. `answer` names what memory said, with its citations. */
export type Reply = { answer: string; said: { text: string; evidence: string[] } | null };

export async function replyFrom(ctx: Ctx, { question, contact, own }: Asked): Promise<Reply> {
  const asked = question.trim().slice(0, longestQuestion).toWellFormed();
  const answer = await ask.run(ctx, { question: asked, audience: { kind: "contact", id: contact } });
  const ownIds = new Set(
    answer.citations
      .filter(({ source }) => source.table === own.table && own.pks.includes(source.pk))
      .map((citation) => citation.id),
  );
  const sentences = answer.sentences.filter(({ citations }) => citations.some((one) => !ownIds.has(one)));
  const evidence = [...new Set(sentences.flatMap(({ citations }) => citations))].filter((one) => !ownIds.has(one));
  if (sentences.length === 0) return { answer: answer.id, said: null };
  return { answer: answer.id, said: { text: sentences.map(({ text }) => text).join(" "), evidence } };
}
