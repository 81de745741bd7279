// Addresses that are not called, however they are written.
import { describe, expect, test } from "vitest";
import { outsideUrl } from "#brain/kernel/outside-url.ts";

describe("an address", () => {
  test.each([
    "http://127.0.0.1:3000",
    "https://localhost",
    "https://2130706433/",
    "https://0x7f.1",
    "https://10.1.2.3",
    "https://172.20.0.4",
    "https://192.168.1.2",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1",
    "https://[::1]",
    "https://[::ffff:127.0.0.1]",
    "https://[fd00::1]",
    "https://[fe80::1]",
    "https://chatwoot",
    "https://chatwoot.internal",
    "https://chat.local.",
    "http://chat.example",
    "https://user:pass@chat.example",
    "https://chat.example/?x=1",
    "ftp://chat.example",
    "file:///etc/passwd",
  ])("%s is not called", (url) => expect(outsideUrl(url, { private: false })).toBeNull());

  test("public https ones are, and private ones where the installation says so", () => {
    expect(outsideUrl("https://chat.example/", { private: false })).toBe("https://chat.example");
    expect(outsideUrl("https://8.8.8.8/chat/", { private: false })).toBe("https://8.8.8.8/chat");
    expect(outsideUrl("http://127.0.0.1:8792", { private: true })).toBe("http://127.0.0.1:8792");
  });
});
