/** Making credentials: what a first installation and the identity verbs share, without any verb. */

export { readApiKey, writeApiKey } from "./api-key-text.ts";
export { bindCodeHash, bindCodeSeconds, newBindCode } from "./bind-code.ts";
export { hashPassword, passwordMatches } from "./password.ts";
export { newToken, tokenHash } from "./token.ts";
