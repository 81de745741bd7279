/** How long a password may be, counted as people count: in characters of its composed form (NFC), never in bytes. */
import * as z from "zod/v4";

export const passwordLength = { least: 8, most: 128 } as const;

const lengthOf = (password: string): number => Array.from(password.normalize("NFC")).length;

/** One that somebody chooses. No rules of composition; what is too common is refused apart. */
export const NewPassword = () =>
  z
    .string()
    .refine((given) => lengthOf(given) >= passwordLength.least && lengthOf(given) <= passwordLength.most, {
      message: `${passwordLength.least} to ${passwordLength.most} characters`,
    })
    .meta({ minLength: passwordLength.least, maxLength: passwordLength.most });

/** One that is checked: whatever was allowed once. */
export const TypedPassword = () =>
  z
    .string()
    .min(1)
    .refine((given) => lengthOf(given) <= passwordLength.most, { message: `${passwordLength.most} characters at most` })
    .meta({ maxLength: passwordLength.most });
