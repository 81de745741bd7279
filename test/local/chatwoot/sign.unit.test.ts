/** The signature of a webhook, against a recorded one. */
import { describe, expect, it } from "vitest";
import { sign, signedHeaders } from "#local/chatwoot/sign.ts";

const body = Buffer.from('{"event":"message_created","id":901,"content":"Hej — varmen virker ikke"}');
const signature = "sha256=90ebbaf6459dd826cbcd48028347c5acb6ebec5361e897cdb049a2d80cffc01d";

describe("the signature of a webhook", () => {
  it("covers the timestamp and the raw bytes", () => {
    expect(body.byteLength).toBe(75);
    expect(sign("cw-secret-1", 1_763_750_000, body)).toBe(signature);
  });

  it("is another for another secret, time or body", () => {
    const others = [
      sign("cw-secret-2", 1_763_750_000, body),
      sign("cw-secret-1", 1_763_750_001, body),
      sign("cw-secret-1", 1_763_750_000, body.subarray(1)),
    ];
    expect(new Set([signature, ...others]).size).toBe(4);
  });

  it("travels in three headers, and a sender without secret sends none of them", () => {
    const delivery = { id: "d-1", at: new Date(1_763_750_000_900), body };
    expect(signedHeaders("cw-secret-1", delivery)).toMatchObject({
      "x-chatwoot-delivery": "d-1",
      "x-chatwoot-timestamp": "1763750000",
      "x-chatwoot-signature": signature,
    });
    expect(Object.keys(signedHeaders(null, delivery))).toEqual(["content-type", "accept"]);
  });
});
