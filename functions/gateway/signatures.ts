/** Senders' signatures, one file each: over raw bytes, compared in constant time. */
export { chatwootKey, verifyChatwoot } from "./signatures/chatwoot.ts";
