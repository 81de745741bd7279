/** Identity's public door: its verbs, and what others may use of it. */
import type { Verb } from "../kernel/verb.ts";
import { rotateApiKey } from "./api-key-rotation.ts";
import { createApiKey, listApiKeys, revokeApiKey } from "./api-keys.ts";
import { rewrapSecrets } from "./rewrap.ts";
import { login, logout, me, selectProject } from "./sessions.ts";
import { confirmSignup, startSignup } from "./signup.ts";
import { rotateSourceSecret } from "./source-secret.ts";
import { bindSource, listSources } from "./sources.ts";
import { hearTelegram, makeBindCode } from "./telegram.ts";

export { hashPassword, newToken, readApiKey, tokenHash, writeApiKey } from "./credentials.ts";
export { type HookSource, hookSource, sourceReadAt } from "./hook-source.ts";
export { sessionDays } from "./sessions.ts";
export {
  bindSource,
  confirmSignup,
  createApiKey,
  hearTelegram,
  listApiKeys,
  listSources,
  login,
  logout,
  makeBindCode,
  me,
  revokeApiKey,
  rewrapSecrets,
  rotateApiKey,
  rotateSourceSecret,
  selectProject,
  startSignup,
};

export const verbs = [
  login,
  logout,
  me,
  selectProject,
  createApiKey,
  listApiKeys,
  revokeApiKey,
  rotateApiKey,
  bindSource,
  listSources,
  rotateSourceSecret,
  rewrapSecrets,
  startSignup,
  confirmSignup,
  makeBindCode,
  hearTelegram,
] as unknown as Verb[];
