/** Senders' signatures, one file each: over raw bytes, compared in constant time. */
export { chatwootKey, signChatwoot, verifyChatwoot } from "./signatures/chatwoot.ts";
export { githubKey, signGithub, verifyGithub } from "./signatures/github.ts";
