// Recall as a verb would ask for it, as the system of a project, with the hash double's vector of the question.
import { send } from "#brain/kernel/batch.ts";
import type { Audience } from "#brain/memory/audience.ts";
import { languageOf } from "#brain/memory/language.ts";
import { type Narrowing, type Passage, recalled } from "#brain/memory/recall.ts";
import { embedByHash, HASH_MODEL_ID } from "#local/embeddings-hash.ts";
import { ctxOf, systemOf } from "#test/kit/ctx.ts";
import type { Tenant, World } from "#test/kit/world.ts";

export type Ask = { audience?: Audience; narrowing?: Narrowing; k?: number; meaning?: "none" | "strange" };

export const recallIn =
  (w: World) =>
  async (who: Tenant, text: string, ask: Ask = {}): Promise<Passage[]> => {
    const ctx = ctxOf(w, systemOf(who));
    const model = ask.meaning === "strange" ? "strange@1" : HASH_MODEL_ID;
    const vector = ask.meaning === "none" ? {} : { vector: { model, embedding: [...embedByHash(text)] } };
    const { audience = { kind: "staff" }, narrowing = {}, k = 10 } = ask;
    const [found] = await send(ctx, [
      recalled(ctx, { question: { text, language: languageOf(text), ...vector }, audience, narrowing, k }),
    ]);
    return found.rows;
  };

export const texts = (found: Passage[]) => found.map((passage) => passage.text);
