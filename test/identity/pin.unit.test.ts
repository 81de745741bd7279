// The six digits of a sign-up: from the given random bytes, each value as likely as another.
import { expect, test } from "vitest";
import { newPin } from "#brain/identity/pin.ts";
import type { Ids } from "#brain/kernel/ids.ts";

/** Random bytes as told, four at a time. */
function told(...values: number[]): { ids: Ids; asked(): number } {
  let asked = 0;
  const random = (bytes: number) => {
    expect(bytes).toBe(4);
    const view = new DataView(new ArrayBuffer(4));
    view.setUint32(0, values[asked] ?? 0);
    asked += 1;
    return new Uint8Array(view.buffer);
  };
  return { ids: { random } as unknown as Ids, asked: () => asked };
}

test("a PIN has six digits, leading zeros too", () => {
  for (const [value, pin] of [
    [0, "000000"],
    [7, "000007"],
    [999_999, "999999"],
    [1_000_000, "000000"],
    [4_293_999_999, "999999"],
  ] as const)
    expect(newPin(told(value).ids)).toBe(pin);
});

test("values that would make small PINs likelier are thrown away", () => {
  const source = told(2 ** 32 - 1, 4_294_000_000, 123_456);
  expect(newPin(source.ids)).toBe("123456");
  expect(source.asked()).toBe(3);
});
