/** Senders' signatures, one file each: over raw bytes, compared in constant time. */
export { chatwootKey, signChatwoot, verifyChatwoot } from "./signatures/chatwoot.ts";
export { githubKey, signGithub, verifyGithub } from "./signatures/github.ts";
export { verifyBasic, verifySecretToken } from "./signatures/shared-secret.ts";
export { verifyStandard } from "./signatures/standard.ts";
export { verifyTelnyx } from "./signatures/telnyx.ts";
export { verifyTwilio } from "./signatures/twilio.ts";
