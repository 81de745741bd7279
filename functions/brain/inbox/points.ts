/** Numbers and addresses in the one form that is compared. */

/** E.164, which is what Chatwoot stores; other spellings stay in the contact's data only. */
export function phoneNorm(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const bare = value.replaceAll(/[\s().-]/g, "").replace(/^00/, "+");
  return /^\+[1-9]\d{6,14}$/.test(bare) ? bare : null;
}

export function emailNorm(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const bare = value.trim().toLowerCase();
  return bare.length <= 254 && /^[^\s@]+@[^\s@]+$/.test(bare) ? bare : null;
}
