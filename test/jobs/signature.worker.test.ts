// The same proof where it will run: the vendor's receiver and client inside workerd, which has no process and no Node.
import { expect, test, vi } from "vitest";
import { verifyDelivery } from "#gateway/signatures/qstash.ts";
import { queue } from "#providers/queue.ts";

const delivery = {
  url: "https://edge.example.test/v1/jobs/embed",
  body: new TextEncoder().encode('{"job":"embed","chunk":"c1"}'),
  signature:
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJVcHN0YXNoIiwic3ViIjoiaHR0cHM6Ly9lZGdlLmV4YW1wbGUudGVzdC92MS9qb2JzL2VtYmVkIiwiZXhwIjo0MTAyNDQ0ODAwLCJuYmYiOjE3NjM3NTAwMDAsImlhdCI6MTc2Mzc1MDAwMCwianRpIjoiand0X3Rlc3RfMSIsImJvZHkiOiJ3RkR3MFFyeEZIbjRRVk40T3IxX2JVbHNoM3oyOGNIbnBMRzg3Yk8tQWVRPSJ9.TbRrIXaeWiBeGlk6v7RHZRisN7Ef4TgukDgI0fB6P9o",
};

test("a delivery is verified", async () => {
  const keys = { current: "sig_test_current_0001", next: "sig_test_next_0001" };
  await expect(verifyDelivery(keys, delivery)).resolves.toBeUndefined();
  await expect(verifyDelivery(keys, { ...delivery, url: "https://edge.example.test/v1/jobs/other" })).rejects.toThrow(
    "signature_invalid",
  );
});

test("a staged row is published with its id for deduplication, its delay and no telemetry", async () => {
  const calls: Request[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    calls.push(new Request(input as string, init as RequestInit));
    return Response.json({ messageId: "msg_1" }, { status: 201 });
  });
  const port = queue({ url: "https://qstash.example.test", token: "t0ken", publicUrl: "https://edge.example.test" });
  const message = { kind: "memory.embed", project: "p", id: "obx_1", body: {}, delaySeconds: 2 };
  expect(await port.publish(message)).toEqual({ messageId: "msg_1" });
  const [sent] = calls;
  expect(sent?.url).toBe("https://qstash.example.test/v2/publish/https://edge.example.test/jobs/memory.embed");
  expect(await sent?.json()).toEqual({ project: "p", id: "obx_1" });
  const headers = Object.fromEntries(sent?.headers ?? []);
  expect(headers).toMatchObject({
    authorization: "Bearer t0ken",
    "upstash-deduplication-id": "obx_1",
    "upstash-delay": "2s",
    "upstash-retries": "3",
  });
  expect(Object.keys(headers).filter((name) => name.startsWith("upstash-telemetry"))).toEqual([]);
});
