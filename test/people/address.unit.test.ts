// Addresses as they are compared: what a person types, and what it is.
import { getCountries, getCountryCallingCode } from "libphonenumber-js/min";
import { describe, expect, test } from "vitest";
import { callingCodes, emailNorm, phoneNorm } from "#brain/people/index.ts";

describe("a telephone number", () => {
  test.each([
    ["20 30 40 50", "DK", "+4520304050"],
    ["20304050", "DK", "+4520304050"],
    ["+45 20 30 40 50", "SE", "+4520304050"],
    ["0045 20304050", "DK", "+4520304050"],
    ["+44 (0)20 7946-0958", "DK", "+442079460958"],
    ["070-123 45 67", "SE", "+46701234567"],
    ["020 7946 0958", "GB", "+442079460958"],
    ["(212) 555-0123", "US", "+12125550123"],
    ["20 30 40 50", "nowhere", "+4520304050"],
  ])("%s typed in %s is %s", async (typed, region, norm) => {
    expect(await phoneNorm(typed, region)).toBe(norm);
  });

  test.each([
    "",
    "Mette",
    "12",
    "+45",
    "20 30",
    "+999 123 456 78",
    "20304050 ext. 7",
    "call 20304050 now",
    "+45 20 30 40 50 60 70 80 90",
  ])("%j is none", async (typed) => {
    expect(await phoneNorm(typed, "DK")).toBeNull();
  });
});

test("the calling codes are those of the library", () => {
  expect(JSON.parse(callingCodes())).toEqual(
    Object.fromEntries(getCountries().map((country) => [country, getCountryCallingCode(country)])),
  );
});

describe("an e-mail address", () => {
  test("has one case and no blanks around it", () => {
    expect(emailNorm("  Mette.Holm@Example.DK ")).toBe("mette.holm@example.dk");
  });
  test.each([
    "mette",
    "mette@",
    "@example.dk",
    "a b@example.dk",
    "Mette <mette@example.dk>",
    `${"a".repeat(65)}@example.dk`,
  ])("%j is none", (typed) => {
    expect(emailNorm(typed)).toBeNull();
  });
});
