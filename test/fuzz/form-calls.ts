// Forms as the console's pages send them, and as nobody's page would: every POST of the console, every field it reads.
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { consoleApp } from "#gateway/console/index.ts";
import { references, segment, text } from "./hostile.ts";

const folder = new URL("../../functions/gateway/console/", import.meta.url);

/** What the pages' code asks of a form, so that a later field is filled in too. */
export const fields: readonly string[] = [
  ...new Set(
    readdirSync(folder)
      .filter((name) => /\.tsx?$/.test(name))
      .flatMap((name) => [...readFileSync(new URL(name, folder), "utf8").matchAll(/form\.get\("(\w+)"\)/g)])
      .map((match) => match[1] ?? ""),
  ),
].filter((name) => name !== "csrf");

export const formPaths: readonly string[] = [
  ...new Set(
    consoleApp()
      .routes.filter(({ method }) => method === "POST")
      .map(({ path }) => `/console${path}`),
  ),
].toSorted();

/** Forms of people who are nobody yet: they carry no proof. */
export const isOpen = (path: string): boolean => /^\/console\/(login|signup)/.test(path);

const right: Record<string, fc.Arbitrary<string>> = {
  project: references("project"),
  name: fc.constantFrom("Van", "Head office"),
  email: fc.constantFrom("", "name@example.com"),
  secret: fc.constantFrom("the-sender-shows-this", "short"),
  once: fc.oneof(fc.uuid(), fc.constantFrom("one", "two")),
  to: fc.constantFrom("/console/keys", "/console", "//evil.example", "https://evil.example/console"),
  username: fc.constantFrom("somebody", "somebody.else"),
  role: fc.constantFrom("owner", "technician", "client_bot", "installer"),
  kind: fc.constantFrom("chatwoot_account", "twilio_number"),
  external_id: fc.nat({ max: 2 ** 31 }).map((number) => String(number + 1)),
  signing: fc.constantFrom("made", "given", "none", "perhaps"),
  signup_request_id: fc.uuid(),
  pin: fc.constantFrom("000000", "123456", "12345"),
  days: fc.constantFrom("0", "30", "-1", "1e9", "NaN"),
  rate_limit: fc.constantFrom("", "0", "60", "601", "1.5", "x"),
  overlap: fc.constantFrom("now", "day", "week", "year"),
  question: fc.constantFrom("When is the boiler seen to?", "kitchen?"),
  audience: fc.oneof(
    fc.constantFrom("staff", "public"),
    references("person").map((who) => `contact:${who}`),
  ),
  contact: references("person", "contact"),
  text: fc.constantFrom("Call the plumber on Friday", "Goal: ten contracts by March", "2", "x is done"),
  status: fc.constantFrom("open", "done", "active", "archived", "perhaps"),
  due_date: fc.constantFrom("", "2026-11-30", "2026-02-30"),
  link: fc.constantFrom("depends_on", "related", "supports_goal"),
};

export type FormCall = {
  caller: "a" | "b";
  path: string;
  session: number;
  proof: "own" | "other" | "wrong" | "none";
  cookie: "own" | "forged" | "none";
  address: number;
  body: string;
  headers: Record<string, string>;
};

const encode = (given: string) =>
  encodeURIComponent(given.toWellFormed())
    .replaceAll(encodeURIComponent("⟦"), "⟦")
    .replaceAll(encodeURIComponent("⟧"), "⟧");

const harmless = fc.constantFrom("", "Van", "something");

type Pairs = Record<string, string>;

/** Mostly what the page would send; here and there one field that nobody's page would. */
const pairs = (): fc.Arbitrary<Pairs> => {
  const usual = fc.record(Object.fromEntries(fields.map((name) => [name, (right[name] ?? harmless).map(encode)])), {
    requiredKeys: fields.filter((name) => name !== "secret"),
  }) as fc.Arbitrary<Pairs>;
  const odd = fc.dictionary(fc.constantFrom(...fields), fc.oneof(text().map(encode), segment()), { maxKeys: 1 });
  return fc.tuple(usual, odd).map(([given, strange]) => ({ ...given, ...strange }));
};

const permissions = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("may shared:read=on", "may memory:ask=on&may shared:read=on") },
  { weight: 1, arbitrary: fc.constantFrom("may nothing:here=on", "may =on", "") },
);

const body = (): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 14,
      arbitrary: fc
        .tuple(pairs(), permissions)
        .map(([given, may]) => [...Object.entries(given).map(([name, value]) => `${name}=${value}`), may].join("&")),
    },
    {
      weight: 1,
      arbitrary: fc.oneof(
        fc.string({ unit: "binary", maxLength: 60 }),
        fc.constantFrom("", "&&&", "=", "a=%", "%00=1", '{"name":"x"}', `name=${"x".repeat(70_000)}`),
      ),
    },
  );

const path = (declared: string): fc.Arbitrary<string> =>
  fc
    .oneof(
      { weight: 8, arbitrary: references(/\/keys\//.test(declared) ? "key" : "source") },
      { weight: 1, arbitrary: references() },
      { weight: 2, arbitrary: segment() },
      { weight: 2, arbitrary: text().map((given) => encode(given || "-")) },
    )
    .map((id) => declared.replace(":id", () => id));

const headers = (): fc.Arbitrary<Record<string, string>> =>
  fc.oneof(
    { weight: 20, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Record<string, string>>(
        { "content-type": "application/json" },
        { "content-type": "multipart/form-data; boundary=x" },
        { "content-type": "" },
        { origin: "https://evil.example" },
        { "sec-fetch-site": "cross-site" },
        { authorization: "Bearer omn_live_0" },
        { "content-length": "999999999" },
      ),
    },
  );

export const formCalls = (declared: string): fc.Arbitrary<FormCall> =>
  fc.record({
    caller: fc.constantFrom("a" as const, "b" as const),
    path: path(declared),
    session: fc.nat({ max: 3 }),
    proof: fc.oneof(
      { weight: 12, arbitrary: fc.constant("own" as const) },
      { weight: 1, arbitrary: fc.constantFrom("other" as const, "wrong" as const, "none" as const) },
    ),
    cookie: fc.oneof(
      { weight: 12, arbitrary: fc.constant("own" as const) },
      { weight: 1, arbitrary: fc.constantFrom("forged" as const, "none" as const) },
    ),
    address: fc.nat({ max: 60_000 }),
    body: body(),
    headers: headers(),
  });
