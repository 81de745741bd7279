/** Our signatures before the vendor's receiver. */
import { Receiver } from "@upstash/qstash";
import { describe, expect, it } from "vitest";
import { signDelivery } from "#local/qstash/jwt.ts";

const keys = { currentSigningKey: "sig_test_current_0001", nextSigningKey: "sig_test_next_0002" };
const url = "https://edge.example.test/v1/jobs/embed";
const body = '{"job":"embed","chunk":"c1"}';
/** Made elsewhere, with an expiry in 2100. */
const VECTOR =
  "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJVcHN0YXNoIiwic3ViIjoiaHR0cHM6Ly9lZGdlLmV4YW1wbGUudGVzdC92MS9qb2JzL2VtYmVkIiwiZXhwIjo0MTAyNDQ0ODAwLCJuYmYiOjE3NjM3NTAwMDAsImlhdCI6MTc2Mzc1MDAwMCwianRpIjoiand0X3Rlc3RfMSIsImJvZHkiOiJ3RkR3MFFyeEZIbjRRVk40T3IxX2JVbHNoM3oyOGNIbnBMRzg3Yk8tQWVRPSJ9.TbRrIXaeWiBeGlk6v7RHZRisN7Ef4TgukDgI0fB6P9o";

const receiver = new Receiver(keys);

function signed(key: string, now = new Date()): string {
  return signDelivery(key, { url, body: Buffer.from(body), now, id: "jwt_test_1" });
}

describe("the signature of a delivery", () => {
  it("has the claims of a recorded one", async () => {
    await expect(receiver.verify({ signature: VECTOR, body, url })).resolves.toBe(true);
    const claims = (token: string) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    const ours = claims(signed(keys.currentSigningKey, new Date(1_763_750_000_000)));
    expect(ours).toEqual({ ...claims(VECTOR), exp: 1_763_750_300 });
  });

  it("is accepted under the current and the next key, and under no other", async () => {
    await expect(receiver.verify({ signature: signed(keys.currentSigningKey), body, url })).resolves.toBe(true);
    await expect(receiver.verify({ signature: signed(keys.nextSigningKey), body, url })).resolves.toBe(true);
    await expect(receiver.verify({ signature: signed("sig_other"), body, url })).rejects.toThrow("signature");
  });

  it("is refused for another body, another url, and after five minutes", async () => {
    const signature = signed(keys.currentSigningKey);
    await expect(receiver.verify({ signature, body: `${body} `, url })).rejects.toThrow("body hash");
    await expect(receiver.verify({ signature, body, url: `${url}?again=1` })).rejects.toThrow("subject");
    const old = signed(keys.currentSigningKey, new Date(Date.now() - 301_000));
    await expect(receiver.verify({ signature: old, body, url })).rejects.toThrow("signature");
    await expect(receiver.verify({ signature: old, body, url, clockTolerance: 30 })).resolves.toBe(true);
  });
});
