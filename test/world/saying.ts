// A colleague who enters what he knows and asks what others do.
import { expect } from "vitest";
import type { World } from "#test/kit/world.ts";
import { call, office } from "#test/people/office.ts";

export const entered = { source_type: "user_entered", source_ref: "form" };
export const money = (kroner: number) => ({ amount_minor: kroner * 100, currency: "DKK" });

type Said = Record<string, unknown> & { subject: string; attribute: string; value: unknown };
type Seen = { id: string; value: unknown; status: string; statement: string };

/** Everything entered takes a second. */
export function saying(w: World) {
  const a = office(w, w.a);
  const made = async (path: string, json: unknown): Promise<string> => {
    const answer = await a.post(path, json);
    expect(answer).toMatchObject({ status: 201 });
    w.clock.advance(1000);
    return answer.body.id;
  };
  return {
    ...a,
    put: (path: string, json: unknown) => call(w, w.a, ["PUT", path], json),
    entity: (type: string, name: string) => made("/world/entities", { type, name }),
    fact: (said: Said) => made("/world/facts", { value_type: "string", provenance: entered, ...said }),
    seenBy: async (knower: string, query: Record<string, string> = {}) => {
      const found = await a.get(`/world/facts?${new URLSearchParams({ knower, ...query })}`);
      expect(found.status).toBe(200);
      return found.body.data as Seen[];
    },
  };
}
