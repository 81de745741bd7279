// Who may know what: the union compiled to a reach, and what one's own credentials allow.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Who } from "#brain/kernel/ctx.ts";
import {
  type Audience,
  allowedAudience,
  audienceText,
  isWithin,
  ownAudience,
  reachOf,
} from "#brain/memory/audience.ts";

const id = fc.stringMatching(/^[a-z0-9]{1,8}$/);
const audience = fc.oneof<fc.Arbitrary<Audience>[]>(
  fc.constant({ kind: "staff" }),
  fc.record({ kind: fc.constant("technician" as const), id }),
  fc.record({ kind: fc.constant("contact" as const), id }),
  fc.constant({ kind: "public" }),
);
const who = (permissions: string[], user: string | null = null) => ({ permissions, user }) as unknown as Who;

describe("reach", () => {
  test("a contact sees public passages and his own, the public only public ones, staff all", () => {
    expect(reachOf({ kind: "contact", id: "7" })).toEqual({ visibilities: [0, 1], owner: "7" });
    expect(reachOf({ kind: "public" })).toEqual({ visibilities: [0], owner: null });
    expect(reachOf({ kind: "staff" })).toEqual({ visibilities: [0, 1, 2], owner: null });
    expect(reachOf({ kind: "technician", id: "t" })).toEqual(reachOf({ kind: "staff" }));
  });

  test("only staff and technicians ever see what is internal; whoever sees contacts' passages and is not staff has an owner", () => {
    fc.assert(
      fc.property(audience, (asked) => {
        const { visibilities, owner } = reachOf(asked);
        const isStaff = asked.kind === "staff" || asked.kind === "technician";
        expect(visibilities.includes(2)).toBe(isStaff);
        expect(owner !== null || isStaff || !visibilities.includes(1)).toBe(true);
      }),
    );
  });

  test("a narrower audience never reaches what the wider one does not", () => {
    fc.assert(
      fc.property(audience, audience, (narrow, wide) => {
        fc.pre(isWithin(narrow, wide));
        const [a, b] = [reachOf(narrow), reachOf(wide)];
        expect(b.visibilities).toEqual(expect.arrayContaining(a.visibilities));
        expect(b.owner === null || b.owner === a.owner || !a.visibilities.includes(1)).toBe(true);
      }),
    );
  });
});

describe("one's own", () => {
  test.each<[string[], string | null, Audience]>([
    [["memory:ask", "memory:ask_as"], "u", { kind: "staff" }],
    [["memory:ask", "memory:read"], "u", { kind: "technician", id: "u" }],
    [["memory:ask", "memory:read"], null, { kind: "staff" }],
    [["memory:ask"], "u", { kind: "public" }],
    [[], null, { kind: "public" }],
  ])("%j of %s is %j", (permissions, user, own) => {
    expect(ownAudience(who(permissions, user))).toEqual(own);
    expect(allowedAudience(who(permissions, user), undefined)).toEqual(own);
  });

  test("without memory:ask_as nobody gets a wider audience than his own, whatever he asks for", () => {
    const permissions = fc.subarray(["memory:ask", "memory:read", "inbox:read", "memory:write"]);
    fc.assert(
      fc.property(permissions, fc.option(id, { nil: null }), audience, (granted, user, asked) => {
        const caller = who(granted, user);
        const own = ownAudience(caller);
        if (isWithin(asked, own)) expect(allowedAudience(caller, asked)).toEqual(asked);
        else expect(() => allowedAudience(caller, asked)).toThrow("permission_missing");
      }),
    );
  });
});

test.each<[string, Audience | undefined]>([
  ["staff", { kind: "staff" }],
  ["contact:con_1", { kind: "contact", id: "con_1" }],
  ["contact:cwc:p:1:2", { kind: "contact", id: "cwc:p:1:2" }],
  ["technician:u", { kind: "technician", id: "u" }],
  ["contact", undefined],
  ["contact:", undefined],
  ["staff:x", undefined],
  ["everyone", undefined],
])("in a query string %s is %j", (text, expected) => {
  expect(audienceText().safeParse(text).data).toEqual(expected);
});
