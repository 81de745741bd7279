// What an attacker, a broken client or a curious one writes where something else was meant.
import fc from "fast-check";

/** Ids of rows are known only when a request is sent: `⟦other.answer⟧` stands for the other tenant's answer. */
export const mark = (whose: "own" | "other", what: string) => `⟦${whose}.${what}⟧`;

export const things = [
  "project",
  "scope",
  "conversation",
  "contact",
  "person",
  "message",
  "answer",
  "key",
  "source",
  "chunk",
  "evidence",
  "number",
  "cursor",
  "listed",
] as const;

/** Words that both tenants' messages hold, so that a careless search would find both. */
export const commonWords = ["boiler", "leaking", "kitchen", "Thursday", "kedel", "torsdag"] as const;

export const references = (...names: readonly (typeof things)[number][]) =>
  fc
    .tuple(fc.constantFrom("own" as const, "other" as const), fc.constantFrom(...(names.length ? names : things)))
    .map(([whose, what]) => mark(whose, what));

const fragments = [
  "",
  " ",
  "\0",
  "a\0b",
  "\ud800",
  "x\udc00y",
  "\ufeff",
  "\u202e",
  "𝕏".repeat(40),
  "é".normalize("NFD"),
  "'",
  "''; drop table identity.projects; --",
  "' or '1'='1",
  '") or true --',
  "$1",
  "{}",
  "%s%n",
  "%",
  "_",
  "\\",
  "../../etc/passwd",
  "..%2f..%2f",
  "/",
  "<script>alert(1)</script>",
  "{{7*7}}",
  "#{7*7}",
  "\r\nset-cookie: a=b",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "null",
  "undefined",
  "NaN",
  "Infinity",
  "-0",
  "-1",
  "0",
  "1",
  "00",
  "1e3",
  "1e400",
  "0x10",
  "9223372036854775807",
  "9223372036854775808",
  "999999999999999999",
  "2147483648",
  "1.5",
  "true",
  "[]",
  "0000-01-01",
  "9999-12-31T23:59:59Z",
  "0000-01-01T00:00:00Z",
  "2026-02-30",
  "2026-11-15T08:00:00.123456789012345678901234567890Z",
  "2026-11-15T08:00:00+23:59",
  "infinity",
  "epoch",
  "now",
  "ffffffff-ffff-ffff-ffff-ffffffffffff",
  "00000000-0000-0000-0000-000000000000",
  "a & b | !c:*",
  "foo:bar <-> (",
  "contact:",
  "technician:\0",
  "inbox.cw_messages",
  "pg_catalog.pg_class",
] as const;

export const text = (): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...fragments) },
    { weight: 2, arbitrary: references() },
    { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
    { weight: 1, arbitrary: fc.constantFrom(64, 65, 100, 201, 1000, 1001, 3000).map((length) => "x".repeat(length)) },
    { weight: 1, arbitrary: fc.constantFrom(...commonWords) },
  );

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { a: value };
  return value;
};

export const value = (): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 5, arbitrary: text() },
    {
      weight: 3,
      arbitrary: fc.constantFrom(null, true, false, 0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, [], {}),
    },
    { weight: 1, arbitrary: fc.constantFrom(3, 30, 300).map(nested) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
    { weight: 1, arbitrary: fc.constantFrom([[]], [null], [{}], { length: -1 }, { toString: 1 }, { toJSON: "x" }) },
  );

/** Bodies that are no JSON, or JSON with a trick. */
export const rawBody = (): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(
      "",
      "{",
      '{"a":',
      "[]",
      "[1]",
      "null",
      "1",
      '"text"',
      "{}{}",
      "{'a':1}",
      '{"a":1,}',
      "\ufeff{}",
      '{"__proto__":{"admin":true}}',
      '{"constructor":{"prototype":{"admin":true}}}',
      '{"id":1,"id":2}',
      '{"id":1e400}',
      '{"id":-0}',
      '{"a":"\\u0000"}',
      '{"a":"\\ud800"}',
      '{"\\u0000":1}',
      "// comment\n{}",
      "<xml/>",
      "a=b&c=d",
    ),
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.constantFrom(100, 5_000, 60_000).map((depth) => `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`),
    fc.constantFrom(270_000).map((size) => JSON.stringify({ name: "x".repeat(size) })),
  );

/** A path segment as it may stand in a request line, encodings gone wrong included. */
export const segment = (): fc.Arbitrary<string> =>
  fc.constantFrom(
    "%00",
    "a%00",
    "%ff",
    "%c0%80",
    "%ed%a0%80",
    "%E0%A4%A",
    "%",
    "%zz",
    "%25",
    "%2525",
    "%2e%2e",
    "%2F",
    "a%2Fb",
    "a%5Cb",
    "%3F",
    "%23",
    "+",
    "%20",
    "%0d%0a",
    ";a=b",
    "~",
    "*",
    "a%E2%80%AE",
    "%F0%9F%92%A9",
    "x".repeat(2_000),
  );
