/** In workerd the vendor's client meets a Redis that is out of reach, as it may any day: callers notice nothing. */
import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";

const ask = (): Promise<Response> => exports.default.fetch("http://omneuro.test/v1/identity/me");

test("a Redis out of reach limits nobody and fails nothing", async () => {
  for (let i = 0; i < 3; i++) {
    const answer = await ask();
    expect([answer.status, answer.headers.get("ratelimit")]).toEqual([401, null]);
    expect(await answer.json()).toMatchObject({ code: "credentials_required" });
  }
});
