// The list of common passwords is what its source says it is.
import { dictionary } from "@zxcvbn-ts/language-common";
import { expect, test } from "vitest";
import { isCommon } from "#brain/identity/common-passwords.ts";
import { mostTried } from "#brain/identity/common-passwords-list.ts";

test("the list is the head of its source, of eight characters and more, and is asked in any case of letters", async () => {
  const listed = mostTried.split(" ");
  const source = dictionary["passwords-common"].filter((word) => word.length >= 8);
  expect(listed).toHaveLength(8000);
  const known = new Set(source);
  expect(listed.filter((word) => !known.has(word))).toEqual([]);
  expect(listed.slice(0, 5)).toEqual(source.slice(0, 5));
  expect([await isCommon("BaseBall"), await isCommon("correct horse battery staple")]).toEqual([true, false]);
});
