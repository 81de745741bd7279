/** What Chatwoot's REST API lets us change. A call whose answer was lost may have been carried out: nothing here repeats one. */
import * as z from "zod/v4";
import { type ChatwootRow, type ChatwootWrites, ownRef, ProviderFailure } from "#brain/kernel/ports.ts";
import type { Answer, Asked } from "./chatwoot.ts";

/** Twenty messages each: more than is written while an answer is being looked for. */
const mostPages = 5;
/** Its times are whole seconds, and its clock is not ours. */
const skewSeconds = 60;

const row = () => z.looseObject({ id: z.coerce.number().int().positive() });
const listed = () =>
  z.looseObject({
    payload: z.array(
      z.looseObject({
        id: z.coerce.number().int().positive(),
        created_at: z.coerce.number(),
        // An empty one may be `[]`.
        content_attributes: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).nullish(),
      }),
    ),
  });

function read<S extends z.ZodType>(shape: S, told: Answer): z.output<S> {
  const found = shape.safeParse(told.body);
  if (!found.success) throw new ProviderFailure("source_answer_unreadable", { retryable: true });
  return found.data;
}

type Call = (asked: Asked) => Promise<Answer | null>;

export function chatwootWrites(call: Call): ChatwootWrites {
  const done = async (asked: Asked): Promise<true | null> => ((await call(asked)) ? true : null);
  return {
    write: async (access, { conversation, ref, text, as }) => {
      const json = {
        content: text,
        message_type: "outgoing",
        private: as === "note",
        content_attributes: { [ownRef]: ref },
      };
      const told = await call({ access, path: `conversations/${conversation}/messages`, json });
      return told && (read(row(), told) as ChatwootRow);
    },
    written: async (access, sought) => search((path) => call({ access, path }), sought),
    setStatus: (access, { conversation, status }) =>
      done({ access, path: `conversations/${conversation}/toggle_status`, json: { status } }),
    assign: (access, { conversation, assignee }) =>
      done({ access, path: `conversations/${conversation}/assignments`, json: { assignee_id: assignee } }),
    label: (access, { conversation, labels }) =>
      done({ access, path: `conversations/${conversation}/labels`, json: { labels } }),
  };
}

/** From the newest message back to before the call. */
async function search(
  get: (path: string) => Promise<Answer | null>,
  sought: { conversation: number; ref: string; since: Date },
): Promise<number | null | undefined> {
  const oldest = sought.since.getTime() / 1000 - skewSeconds;
  let before = "";
  for (let page = 0; page < mostPages; page++) {
    const told = await get(`conversations/${sought.conversation}/messages${before}`);
    if (!told) return null;
    const { payload } = read(listed(), told);
    const found = payload.find(
      ({ content_attributes: told }) => told && !Array.isArray(told) && told[ownRef] === sought.ref,
    );
    if (found) return found.id;
    if (payload.length === 0 || payload.some((one) => one.created_at < oldest)) return null;
    before = `?before=${Math.min(...payload.map(({ id }) => id))}`;
  }
  return undefined;
}
