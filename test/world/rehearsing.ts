// Somebody who rehearses a talk, with a language model that says what the test wants it to say.
import { expect } from "vitest";
import type { LanguageModel } from "#brain/kernel/ports.ts";
import type { World } from "#test/kit/world.ts";
import { saying } from "./saying.ts";

type Prompt = { system: string; user: string };

/** Without lines it fails, as a provider out of reach does not: it is then left out by the story. */
export function scriptedModel() {
  const prompts: Prompt[] = [];
  const lines: string[] = [];
  const port: LanguageModel = {
    provider: "scripted.test",
    model: "scripted-1",
    complete: async ({ system, user }) => {
      prompts.push({ system, user });
      return {
        text: JSON.stringify({ text: lines.shift() ?? "I see. What do you want?" }),
        inputTokens: 100,
        outputTokens: 12,
      };
    },
  };
  return { port, prompts, lines };
}

export type Turns = {
  said: { n: number };
  reply: { n: number; text: string; role: string; pack: string; flags: string[] };
  heard: { id: string; value: unknown; session: string; source: { ref: string } }[];
};

export function rehearsing(w: World) {
  const a = saying(w);
  return {
    ...a,
    begin: async (session: Record<string, unknown>): Promise<string> => {
      const made = await a.post("/world/sessions", session);
      expect(made).toMatchObject({ status: 201 });
      w.clock.advance(1000);
      return made.body.id;
    },
    say: async (session: string, text: string, channel = "roleplay"): Promise<Turns> => {
      const answer = await a.post(`/world/sessions/${session}/turns`, { text, channel });
      if (answer.status !== 200) console.error(w.lines.slice(-3), answer.body);
      expect(answer).toMatchObject({ status: 200 });
      w.clock.advance(1000);
      return answer.body;
    },
    events: async (kind: string, session: string) =>
      w.neon.query(
        "select ref_id, payload_json from world.events where project_id = $1 and event_type = $2 and session_id = $3 order by created_at",
        [w.a.project, kind, session],
      ),
  };
}
