// Ten thousand single-byte changes of a signed webhook and of a signed delivery: each is worth nothing.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Fault } from "#brain/kernel/fault.ts";
import { verifyDelivery } from "#gateway/signatures/qstash.ts";
import { chatwootKey, verifyChatwoot } from "#gateway/signatures.ts";
import { signDelivery } from "#local/qstash/jwt.ts";
import { signature } from "#test/inbox/chatwoot.ts";

const runs = { numRuns: 10_000, seed: 20261122 };
const bytes = (text: string) => new TextEncoder().encode(text);
const now = new Date(1_763_750_000_000);

type Signed = { body: string; timestamp: string; signature: string };

/** One byte of one part becomes another; a header holds what HTTP lets stand in one. */
function change(
  parts: Record<string, string>,
): fc.Arbitrary<{ part: string; text: string; raw: Uint8Array<ArrayBuffer> }> {
  return fc
    .record({ part: fc.constantFrom(...Object.keys(parts)), at: fc.nat(), flip: fc.integer({ min: 1, max: 255 }) })
    .map(({ part, at, flip }) => {
      const raw = bytes(parts[part] ?? "");
      const place = at % raw.length;
      raw[place] = (raw[place] ?? 0) ^ flip;
      // Header bytes arrive as Latin-1.
      return { part, raw, text: String.fromCharCode(...raw) };
    });
}

const codeOf = (verified: Promise<unknown>) =>
  verified.then(
    () => "accepted",
    (thrown: Fault) => (thrown.kind === "unauthenticated" ? "refused" : String(thrown)),
  );

test("Chatwoot's signature holds for no other byte of body, time or signature", async () => {
  const secret = "cw-secret-1";
  const body = '{"event":"message_created","id":901,"content":"Hej — varmen virker ikke"}';
  const timestamp = String(now.getTime() / 1000);
  const signed: Signed = { body, timestamp, signature: signature(secret, timestamp, body) };
  const by = { key: await chatwootKey(secret), now };
  const verify = (given: Omit<Signed, "body"> & { body: Uint8Array<ArrayBuffer> }) => codeOf(verifyChatwoot(given, by));
  expect(await verify({ ...signed, body: bytes(body) })).toBe("accepted");
  await fc.assert(
    fc.asyncProperty(change(signed), async ({ part, text, raw }) => {
      const given = { ...signed, body: bytes(body), [part]: part === "body" ? raw : text };
      expect(await verify(given)).toBe("refused");
    }),
    runs,
  );
});

test("QStash's token holds for no other byte of body or token, in whatever base64", async () => {
  const keys = { current: "sig_test_current_0001", next: "sig_test_next_0001" };
  const url = "https://edge.example.test/jobs/memory.embed";
  const body = '{"project":"01a1de38-6400-7000-80d3-7a76ab197284","id":"obx_1"}';
  const token = signDelivery(keys.current, { url, body: Buffer.from(body), now: new Date(), id: "jwt_1" });
  const verify = (given: { signature: string; body: Uint8Array }) => codeOf(verifyDelivery(keys, { url, ...given }));
  expect(await verify({ signature: token, body: bytes(body) })).toBe("accepted");
  await fc.assert(
    fc.asyncProperty(change({ body, token }), async ({ part, text, raw }) => {
      const given = part === "body" ? { signature: token, body: raw } : { signature: text, body: bytes(body) };
      expect(await verify(given)).toBe("refused");
    }),
    runs,
  );
  // The last character carries two bits that no byte uses, and decoders take either alphabet.
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= ";
  for (const last of alphabet.replace(token.at(-1) ?? "", ""))
    expect([last, await verify({ signature: token.slice(0, -1) + last, body: bytes(body) })]).toEqual([
      last,
      "refused",
    ]);
  for (const other of [`${token}=`, ` ${token}`, `${token}\n`, token.replaceAll("-", "+").replaceAll("_", "/")])
    expect([other, await verify({ signature: other, body: bytes(body) })]).toEqual([
      other,
      other === token ? "accepted" : "refused",
    ]);
});
