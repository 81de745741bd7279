// GitHub's signature: the vendor's vector, one with other letters, and a thousand changed bytes.
import fc from "fast-check";
import { expect, test } from "vitest";
import { githubKey, signGithub, verifyGithub } from "#gateway/signatures.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

const vectors = [
  ["It's a Secret to Everybody", "Hello, World!", "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"],
  ["gh-secret-1", '{"zen":"Hej — åben dør"}', "dbca4f02083c925119a3cc63e83164e64b315b0732f467d2c36f3acb7b3cb4e3"],
] as const;

test.each(vectors)("%s", async (secret, body, mac) => {
  expect(await signGithub(secret, bytes(body))).toBe(`sha256=${mac}`);
  await verifyGithub({ body: bytes(body), signature: `sha256=${mac}` }, await githubKey(secret));
});

test("any changed byte of body or signature is refused", async () => {
  const [[secret, body, mac]] = vectors;
  const key = await githubKey(secret);
  const judge = (given: Uint8Array<ArrayBuffer>, signature: string) =>
    verifyGithub({ body: given, signature }, key).then(
      () => "believed",
      (fault: { code: string }) => fault.code,
    );
  await fc.assert(
    fc.asyncProperty(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const changed = bytes(body);
      changed[at] = (changed[at] ?? 0) ^ flip;
      expect(await judge(changed, `sha256=${mac}`)).toBe("signature_invalid");
    }),
    { numRuns: 500 },
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(mac.length - 1), fc.constantFrom(..."0123456789abcdefG "), async (at, digit) => {
      fc.pre(mac[at] !== digit);
      const changed = `sha256=${mac.slice(0, at)}${digit}${mac.slice(at + 1)}`;
      expect(await judge(bytes(body), changed)).toMatch(/^signature_(invalid|required)$/);
    }),
    { numRuns: 500 },
  );
});
