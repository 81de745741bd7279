/** The database cuts the line, before or after committing: what was acknowledged is there, what was not leaves no half. */
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { count, hear, heard, message, talk } from "./chatwoot.ts";

let w: World;
let t: Tenant;
beforeAll(async () => {
  w = await world();
});
beforeEach(async () => {
  t = await tenant(w.neon, "cut");
  await heard(w, t, message(talk(t)));
  await w.settled();
});

const cut = (kind: "before" | "after-commit", status?: number) =>
  w.neon.faults.next({ kind, match: /inbox\.ingest/, ...(status === undefined ? {} : { status }) });

describe("a line that is cut", () => {
  it("before the statement ran costs a second try, not the message", async () => {
    cut("before");
    expect(await heard(w, t, message(talk(t)))).toBe("stored");
    expect(await count(w, t, "inbox.cw_messages")).toBe(2);
  });

  it("after it committed makes the second try a duplicate", async () => {
    for (const status of [undefined, 500]) {
      const before = await count(w, t, "inbox.cw_messages");
      cut("after-commit", status);
      expect(await heard(w, t, message(talk(t)))).toBe("duplicate");
      expect(await count(w, t, "inbox.cw_messages")).toBe(before + 1);
      expect(await count(w, t, "memory.chunks")).toBe(before + 1);
    }
  });

  it("twice is said so, and nothing is half written", async () => {
    cut("before");
    cut("before", 503);
    const answer = await hear(w, t, message(talk(t)));
    expect(answer.status).toBe(503);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    for (const table of ["inbox.deliveries", "inbox.cw_messages", "inbox.cw_contacts", "memory.chunks"]) {
      expect(await count(w, t, table), table).toBe(1);
    }
    expect(w.neon.faults.pending).toBe(0);
  });
});
