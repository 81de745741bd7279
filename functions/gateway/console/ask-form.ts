/** A question sent from the console: answered, kept, and shown at an address of its own. */
import type { Context } from "hono";
import { Fault, Replay } from "#brain/kernel/fault.ts";
import { ask } from "#brain/memory/index.ts";
import { sha256 } from "../digest.ts";
import type { App } from "../runtime.ts";
import { readForm, seeOther, writer } from "./door.ts";

type Reader = { audience?: { kind: string; id?: string } };

/** Without a reader it is meant for whoever asks; `each` is staff, the contact and anybody. */
function readersIn(form: Map<string, string>): [Reader, ...Reader[]] {
  const kind = form.get("audience");
  const contact = { audience: { kind: "contact", id: form.get("contact") ?? "" } };
  if (kind === "each") {
    const [staff, open] = [{ audience: { kind: "staff" } }, { audience: { kind: "public" } }];
    return contact.audience.id ? [staff, contact, open] : [staff, open];
  }
  if (kind === "contact") return [contact];
  return kind === "staff" || kind === "public" ? [{ audience: { kind } }] : [{}];
}

export async function askForm(c: Context<App>): Promise<Response> {
  const form = await readForm(c);
  const ctx = await writer(c, form);
  const question = (form.get("question") ?? "").trim();
  if (!question) throw new Fault("invalid", "question_missing", { detail: "Write a question first." });
  const ids: string[] = [];
  for (const reader of readersIn(form)) {
    const input = { question, ...reader };
    // The page's own mark and the question: a double click, or going back and sending again, asks once.
    const hash = await sha256(JSON.stringify([form.get("once") ?? "", input]));
    const answer = await ask.run(ctx, input, { key: hash, route: "console ask", hash }).catch((thrown: unknown) => {
      if (thrown instanceof Replay) return ask.render(ctx, thrown.body);
      throw thrown;
    });
    ids.push(encodeURIComponent(answer.id));
  }
  const [first, ...beside] = ids;
  return seeOther(c, `/console/ask/${first}${beside.map((id, i) => `${i === 0 ? "?" : "&"}beside=${id}`).join("")}`);
}
