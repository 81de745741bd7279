/** Chatwoot's signature: its vector, the window, and no byte that may be wrong. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chatwootKey, verifyChatwoot } from "#gateway/signatures.ts";
import { signature } from "./chatwoot.ts";

const secret = "cw-secret-1";
const timestamp = "1763750000";
const body = '{"event":"message_created","id":901,"content":"Hej — varmen virker ikke"}';
const vector = "sha256=90ebbaf6459dd826cbcd48028347c5acb6ebec5361e897cdb049a2d80cffc01d";
const bytes = (text: string) => new TextEncoder().encode(text);
const now = new Date(1_763_750_000_000);

const verify = async (change: {
  body?: Uint8Array<ArrayBuffer>;
  timestamp?: string;
  signature?: string | undefined;
  secret?: string;
  now?: Date;
}) =>
  verifyChatwoot(
    {
      body: change.body ?? bytes(body),
      timestamp: change.timestamp ?? timestamp,
      signature: "signature" in change ? change.signature : vector,
    },
    { key: await chatwootKey(change.secret ?? secret), now: change.now ?? now },
  );
const refused = (change: Parameters<typeof verify>[0]) =>
  expect(verify(change)).rejects.toMatchObject({ kind: "unauthenticated" });

describe("verifyChatwoot", () => {
  it("accepts the known vector and tells the signed time", async () => {
    expect(bytes(body)).toHaveLength(75);
    expect(await verify({})).toEqual(now);
  });

  it("refuses any other byte of body, time, secret or signature", async () => {
    const at = fc.nat({ max: 74 });
    await fc.assert(
      fc.asyncProperty(at, fc.integer({ min: 1, max: 255 }), async (index, flip) => {
        const other = bytes(body);
        other[index] = (other[index] ?? 0) ^ flip;
        await refused({ body: other });
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 7, max: vector.length - 1 }),
        fc.constantFrom(..."0123456789abcdefABCDEF Gé"),
        async (index, letter) => {
          fc.pre(vector[index] !== letter);
          await refused({ signature: vector.slice(0, index) + letter + vector.slice(index + 1) });
        },
      ),
    );
    await refused({ timestamp: "1763750001" });
    await refused({ timestamp: " 1763750000" });
    await refused({ timestamp: "1763750000.0" });
    await refused({ secret: "cw-secret-2" });
    await refused({ body: bytes(`${body}\n`) });
  });

  it("refuses other forms, and nothing at all", async () => {
    for (const other of [
      undefined,
      "",
      vector.slice(7),
      vector.toUpperCase(),
      `${vector}00`,
      vector.slice(0, -1),
      `sha1=${"0".repeat(64)}`,
    ]) {
      await refused({ signature: other });
    }
  });

  it("believes a right signature for 300 seconds before and after", async () => {
    const late = (seconds: number) => ({ now: new Date(now.getTime() + seconds * 1000) });
    expect(await verify(late(300))).toEqual(now);
    expect(await verify(late(-300))).toEqual(now);
    await expect(verify(late(301))).rejects.toMatchObject({ code: "timestamp_outside_window" });
    await expect(verify(late(-301))).rejects.toMatchObject({ code: "timestamp_outside_window" });
  });

  it("takes any body and secret that the sender signed", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ minLength: 1, maxLength: 60 }),
        async (data, key) => {
          const copy = new Uint8Array(data);
          expect(await verify({ body: copy, secret: key, signature: signature(key, timestamp, copy) })).toEqual(now);
        },
      ),
    );
  });
});
