/** REST routes of identity; login and logout also set the cookie. */
import type { Context } from "hono";
import { setCookie } from "hono/cookie";
import {
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
  sessionDays,
  startSignup,
} from "#brain/identity/index.ts";
import { cookieName } from "../actor.ts";
import { type Route, route } from "../route.ts";
import type { App } from "../runtime.ts";

/** `maxAge` 0 takes the cookie away. */
export function writeCookie(c: Context<App>, token: string, maxAge: number): void {
  const { publicUrl } = c.get("runtime").settings;
  const secure = publicUrl.startsWith("https:");
  setCookie(c, cookieName(publicUrl), token, { path: "/", httpOnly: true, sameSite: "Lax", secure, maxAge });
}

/** The token becomes the cookie and stands nowhere in the answer. */
function openedSession(c: Context<App>, output: unknown): unknown {
  const { token, ...shown } = output as { token: string };
  writeCookie(c, token, sessionDays * 24 * 3600);
  return shown;
}

export const routes = [
  route({ verb: startSignup, method: "post", path: "/v1/auth/signup/start" }),
  route({ verb: confirmSignup, method: "post", path: "/v1/auth/signup/confirm", finish: openedSession }),
  route({ verb: makeBindCode, method: "post", path: "/v1/identity/telegram/code" }),
  route({ verb: login, method: "post", path: "/v1/identity/login", finish: openedSession }),
  route({
    verb: logout,
    method: "post",
    path: "/v1/identity/logout",
    finish: (c, output) => {
      writeCookie(c, "", 0);
      return output;
    },
  }),
  route({
    verb: confirmPassword,
    method: "post",
    path: "/v1/identity/password/confirm",
    finish: openedSession,
  }),
  route({ verb: changePassword, method: "post", path: "/v1/identity/password/change", finish: openedSession }),
  route({ verb: me, method: "get", path: "/v1/identity/me" }),
  route({ verb: selectProject, method: "post", path: "/v1/identity/project" }),
  route({ verb: listApiKeys, method: "get", path: "/v1/identity/api-keys", list: true }),
  route({ verb: createApiKey, method: "post", path: "/v1/identity/api-keys", status: 201 }),
  route({ verb: revokeApiKey, method: "post", path: "/v1/identity/api-keys/{id}/revoke" }),
  route({ verb: rotateApiKey, method: "post", path: "/v1/identity/api-keys/{id}/rotate", status: 201 }),
  route({ verb: listSources, method: "get", path: "/v1/identity/sources", list: true }),
  route({ verb: bindSource, method: "post", path: "/v1/identity/sources", status: 201 }),
  route({ verb: rotateSourceSecret, method: "post", path: "/v1/identity/sources/{id}/rotate-secret" }),
  route({ verb: connectSource, method: "post", path: "/v1/identity/sources/{id}/connect" }),
  route({ verb: rewrapSecrets, method: "post", path: "/v1/identity/secrets/rewrap" }),
  route({ verb: createProject, method: "post", path: "/v1/identity/projects", status: 201 }),
  route({ verb: listSessions, method: "get", path: "/v1/identity/sessions" }),
  route({ verb: endOtherSessions, method: "post", path: "/v1/identity/sessions/end-others" }),
  route({ verb: listAccess, method: "get", path: "/v1/identity/access-events", list: true }),
  route({ verb: listMembers, method: "get", path: "/v1/identity/members", list: true }),
  route({ verb: changeRole, method: "post", path: "/v1/identity/members/{id}/role" }),
  route({ verb: endMembership, method: "post", path: "/v1/identity/members/{id}/end" }),
  route({ verb: disableMember, method: "post", path: "/v1/identity/members/{id}/disable" }),
  route({ verb: enableMember, method: "post", path: "/v1/identity/members/{id}/enable" }),
  route({ verb: listInvitations, method: "get", path: "/v1/identity/invitations", list: true }),
  route({ verb: createInvitation, method: "post", path: "/v1/identity/invitations", status: 201 }),
  route({ verb: revokeInvitation, method: "post", path: "/v1/identity/invitations/{id}/revoke" }),
  route({ verb: acceptInvitation, method: "post", path: "/v1/identity/invitations/accept" }),
] as unknown as Route[];
