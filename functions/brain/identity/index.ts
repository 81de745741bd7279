/** Identity's public door: its verbs, and what others may use of it. */
import type { Verb } from "../kernel/verb.ts";
import { listAccess } from "./access.ts";
import { rotateApiKey } from "./api-key-rotation.ts";
import { createApiKey, listApiKeys, revokeApiKey } from "./api-keys.ts";
import { acceptInvitation, createInvitation, listInvitations, revokeInvitation } from "./invitations.ts";
import { changeRole, disableMember, enableMember, endMembership, listMembers } from "./members.ts";
import { changePassword, confirmPassword } from "./own-password.ts";
import { endOtherSessions, listSessions } from "./own-sessions.ts";
import { createProject } from "./projects.ts";
import { rewrapSecrets } from "./rewrap.ts";
import { login, logout, me, selectProject } from "./sessions.ts";
import { confirmSignup, startSignup } from "./signup.ts";
import { connectSource } from "./source-api.ts";
import { rotateSourceSecret } from "./source-secret.ts";
import { bindSource, listSources } from "./sources.ts";
import { hearTelegram, makeBindCode } from "./telegram.ts";

export { bindCodeFrom } from "./bind-code.ts";
export { hashPassword, newToken, readApiKey, tokenHash, writeApiKey } from "./credentials.ts";
export { derivedAgain, madeWith, notShownAgain } from "./derived.ts";
export { erased } from "./erased.ts";
export { type HookSource, hookSource, sourceReadAt } from "./hook-source.ts";
export { newPin } from "./pin.ts";
export { housekeeping, retained } from "./retained.ts";
export { type RoleName, roles } from "./roles.ts";
export { sessionDays } from "./session-opening.ts";
export { sameHash } from "./token.ts";
export {
  acceptInvitation,
  bindSource,
  changePassword,
  changeRole,
  confirmPassword,
  confirmSignup,
  connectSource,
  createApiKey,
  createInvitation,
  createProject,
  disableMember,
  enableMember,
  endMembership,
  endOtherSessions,
  hearTelegram,
  listAccess,
  listApiKeys,
  listInvitations,
  listMembers,
  listSessions,
  listSources,
  login,
  logout,
  makeBindCode,
  me,
  revokeApiKey,
  revokeInvitation,
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
  connectSource,
  rewrapSecrets,
  startSignup,
  confirmSignup,
  makeBindCode,
  hearTelegram,
  createInvitation,
  listInvitations,
  revokeInvitation,
  acceptInvitation,
  listMembers,
  changeRole,
  endMembership,
  disableMember,
  enableMember,
  createProject,
  listSessions,
  endOtherSessions,
  listAccess,
  confirmPassword,
  changePassword,
] as unknown as Verb[];
