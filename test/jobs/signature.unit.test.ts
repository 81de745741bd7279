// QStash's signature against a token made elsewhere, and every single changed byte of it.
import { describe, expect, test } from "vitest";
import { Fault } from "#brain/kernel/fault.ts";
import { verifyDelivery } from "#gateway/signatures/qstash.ts";

const url = "https://edge.example.test/v1/jobs/embed";
const body = new TextEncoder().encode('{"job":"embed","chunk":"c1"}');
const current = "sig_test_current_0001";
/** Good until 2100. */
const vector =
  "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJVcHN0YXNoIiwic3ViIjoiaHR0cHM6Ly9lZGdlLmV4YW1wbGUudGVzdC92MS9qb2JzL2VtYmVkIiwiZXhwIjo0MTAyNDQ0ODAwLCJuYmYiOjE3NjM3NTAwMDAsImlhdCI6MTc2Mzc1MDAwMCwianRpIjoiand0X3Rlc3RfMSIsImJvZHkiOiJ3RkR3MFFyeEZIbjRRVk40T3IxX2JVbHNoM3oyOGNIbnBMRzg3Yk8tQWVRPSJ9.TbRrIXaeWiBeGlk6v7RHZRisN7Ef4TgukDgI0fB6P9o";

const refused = expect.objectContaining({ kind: "unauthenticated", code: "signature_invalid" });
const verify = (
  signature: string,
  change: { url?: string; body?: Uint8Array; keys?: { current: string; next: string } } = {},
) =>
  verifyDelivery(change.keys ?? { current, next: "sig_test_next_0001" }, {
    signature,
    url: change.url ?? url,
    body: change.body ?? body,
  });

describe("the signature", () => {
  test("of the vector is good with its key as the current or as the next one, and with no other", async () => {
    await expect(verify(vector)).resolves.toBeUndefined();
    await expect(verify(vector, { keys: { current: "sig_new", next: current } })).resolves.toBeUndefined();
    await expect(verify(vector, { keys: { current: "sig_new", next: "sig_other" } })).rejects.toEqual(refused);
  });

  test("is bound to the address", async () => {
    for (const other of [`${url}/`, `${url}?x=1`, url.replace("https", "http"), url.toUpperCase()]) {
      await expect(verify(vector, { url: other })).rejects.toEqual(refused);
    }
  });

  test("is bound to every byte of the body", async () => {
    for (let at = 0; at < body.length; at++) {
      const altered = body.slice();
      altered[at] = (altered[at] ?? 0) ^ 1;
      await expect(verify(vector, { body: altered })).rejects.toBeInstanceOf(Fault);
    }
  });

  test("with any character changed is worth nothing", async () => {
    for (let at = 0; at < vector.length; at++) {
      const altered = vector.slice(0, at) + (vector[at] === "A" ? "B" : "A") + vector.slice(at + 1);
      await expect(verify(altered)).rejects.toEqual(refused);
    }
  });
});
