// A database that answers at once: the answers of a real one, recorded for two webhooks, given again for every later one.
import { type BenchApp, newTenant, type Tenant } from "../kit/app.ts";
import type { Stage } from "../kit/stage.ts";
import { randomFrom } from "../kit/texts.ts";
import { talker } from "../kit/webhooks.ts";

export type Recording = {
  tenant: Tenant;
  /** The answer to the reading of the source, and to a webhook that finds the embedder's wake-up pending. */
  source: string;
  ingest: string;
};

type Exchange = { asked: string; answered: string };

/** Runs the app against the stage's real database and listens on the line between them. */
export async function record(stage: Stage, app: BenchApp): Promise<Recording> {
  const tenant = await newTenant(stage, app.runtime, "gateway");
  const talk = talker({ account: tenant.accountId, conversations: 1, random: randomFrom(3) });
  const heard: Exchange[] = [];
  const real = globalThis.fetch;
  globalThis.fetch = async (url, init) => {
    const answer = await real(url, init);
    heard.push({ asked: String(init?.body), answered: await answer.clone().text() });
    return answer;
  };
  try {
    await app.hear(tenant, talk.next());
    await app.hear(tenant, talk.next());
  } finally {
    globalThis.fetch = real;
  }
  await app.settled();
  const answer = (mark: string): string => {
    const found = heard.filter(({ asked }) => asked.includes(mark)).at(-1)?.answered;
    if (!found) throw new Error(`no request with ${mark} was heard`);
    return found;
  };
  return { tenant, source: answer("secret_sealed"), ingest: answer("inbox.ingest") };
}

/** JavaScript that replaces fetch by the recording; the delivery's id in the answer is the one that was asked about. */
export const replayCode = ({ source, ingest }: Recording): string => `{
  const source = ${JSON.stringify(source)};
  const ingest = ${JSON.stringify(ingest)};
  const id = /dlv_[0-9a-z]{26}/;
  const headers = { "content-type": "application/json" };
  globalThis.fetch = async (url, init) => {
    const asked = String(init.body);
    const text = asked.includes("inbox.ingest") ? ingest.replace(id, id.exec(asked)[0]) : source;
    return new Response(text, { status: 200, headers });
  };
}`;
