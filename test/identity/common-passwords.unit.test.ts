// The list of common passwords is what its source says it is.
import { dictionary } from "@zxcvbn-ts/language-common";
import { expect, test } from "vitest";
import { commonPasswords, isCommon } from "#brain/identity/common-passwords.ts";

test("the list is the head of its source, of eight characters and more, and is asked in any case of letters", async () => {
  const source = dictionary["passwords-common"].filter((word) => word.length >= 8);
  expect([...(await commonPasswords())]).toEqual(source.slice(0, 8000).sort());
  expect([await isCommon("BaseBall"), await isCommon("correct horse battery staple")]).toEqual([true, false]);
});
