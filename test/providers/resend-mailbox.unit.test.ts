// Mail that Resend received is read in two steps; what the answers do not allow is not read at all.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ProviderFailure } from "#brain/kernel/ports.ts";
import { resendMailbox } from "#providers/resend-mailbox.ts";

type Handler = (asked: IncomingMessage, answer: ServerResponse) => void;

let url: string;
let handle: Handler;
let asked: { path: string; authorization: string | undefined }[];
const server = createServer((request, response) => {
  asked.push({ path: request.url ?? "", authorization: request.headers.authorization });
  handle(request, response);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
});

const mailbox = (more: { longest?: number; timeoutMs?: number } = {}) => resendMailbox({ url, longest: 1000, ...more });
const json = (answer: ServerResponse, body: unknown, status = 200) => {
  answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
};
/** Names where the raw mail lies, and gives it there. */
const serves =
  (mail: string, at = `${url}/raw/1?signature=abc`): Handler =>
  (request, answer) =>
    request.url?.startsWith("/raw/") ? answer.end(mail) : json(answer, { raw: { download_url: at } });

const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

test("the mail is asked for by its id with the token, and read from the signed address without it", async () => {
  handle = serves("From: m@example.dk\r\n\r\nHej");
  expect(text(await mailbox().read("re_token", "a/b c"))).toBe("From: m@example.dk\r\n\r\nHej");
  expect(asked).toEqual([
    { path: "/emails/receiving/a%2Fb%20c", authorization: "Bearer re_token" },
    { path: "/raw/1?signature=abc", authorization: undefined },
  ]);
});

test.each([404, 410])("a mail that is gone (%i) is undefined, wherever it is missing", async (status) => {
  handle = (_, answer) => json(answer, {}, status);
  expect(await mailbox().read("t", "1")).toBeUndefined();
  handle = (request, answer) =>
    request.url?.startsWith("/raw/")
      ? json(answer, {}, status)
      : json(answer, { raw: { download_url: `${url}/raw/1` } });
  expect(await mailbox().read("t", "1")).toBeUndefined();
});

async function failure(act: Promise<unknown>): Promise<unknown> {
  const thrown = await act.then(
    () => undefined,
    (one: unknown) => one,
  );
  expect(thrown).toBeInstanceOf(ProviderFailure);
  const { code, retryable, retryAfterSeconds } = thrown as ProviderFailure;
  return { code, retryable, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
}

test.each([
  [429, { code: "resend_429", retryable: true, retryAfterSeconds: 7 }],
  [500, { code: "resend_500", retryable: true, retryAfterSeconds: 7 }],
  [401, { code: "resend_401", retryable: false, retryAfterSeconds: 7 }],
  [302, { code: "resend_302", retryable: false, retryAfterSeconds: 7 }],
])("an answer of %i is a failure that says whether to try again", async (status, expected) => {
  handle = (_, answer) => {
    answer.setHeader("retry-after", "7");
    answer.setHeader("location", `${url}/raw/elsewhere`);
    json(answer, {}, status);
  };
  expect(await failure(mailbox().read("t", "1"))).toEqual(expected);
  // Nobody is followed with the token.
  expect(asked).toHaveLength(1);
});

test("an address in the clear elsewhere is refused before it is asked; an answer without one is tried again", async () => {
  handle = serves("x", "http://169.254.169.254/latest/meta-data");
  expect(await failure(mailbox().read("t", "1"))).toEqual({ code: "resend_download_refused", retryable: false });
  expect(asked).toHaveLength(1);
  for (const body of [{}, { raw: { download_url: "no address" } }]) {
    handle = (_, answer) => json(answer, body);
    expect(await failure(mailbox().read("t", "1"))).toEqual({ code: "resend_answer_unreadable", retryable: true });
  }
  handle = (_, answer) => void answer.end("<html>");
  expect(await failure(mailbox().read("t", "1"))).toEqual({ code: "resend_answer_unreadable", retryable: true });
});

test("a mail that is too long is not read to its end, and is seen to be too long", async () => {
  handle = serves("a".repeat(5_000_000));
  const read = await mailbox({ longest: 1000 }).read("t", "1");
  expect(read?.length).toBeGreaterThan(1000);
  expect(read?.length).toBeLessThan(5_000_000);
});

test("silence and a closed door are failures to try again", async () => {
  handle = () => {};
  expect(await failure(mailbox({ timeoutMs: 50 }).read("t", "1"))).toEqual({ code: "resend_timeout", retryable: true });
  handle = (request) => void request.socket.destroy();
  expect(await failure(mailbox().read("t", "1"))).toEqual({ code: "resend_unreachable", retryable: true });
});
