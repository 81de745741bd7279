/** Tables of the schema identity. The SQL in migrations/ is the truth; a test holds this file against the catalog. */
import { boolean, integer, jsonb, pgSchema, text, uuid } from "drizzle-orm/pg-core";
import { bytea, created, id, moment, stamps, tenant } from "../columns.ts";

export const identity = pgSchema("identity");

/** An isolation boundary: one customer of ours, with one or more projects. */
export const accountScopes = identity.table("account_scopes", {
  id: uuid().notNull(),
  scopeKey: text().notNull(),
  name: text().notNull(),
  ...stamps(),
});

/** A service business (or one part of it): every domain row belongs to exactly one. */
export const projects = identity.table("projects", {
  id: uuid().notNull(),
  accountScopeId: uuid().notNull(),
  name: text().notNull(),
  region: text().notNull(),
  timezone: text().notNull(),
  hmacKey: bytea().notNull(),
  schedulesDigest: text(),
  ...stamps(),
});

/** The login of a person on staff. */
export const appUsers = identity.table("app_users", {
  id: uuid().notNull(),
  username: text().notNull(),
  passwordHash: text().notNull(),
  ...stamps(),
});

/** A signed-in browser. */
export const sessions = identity.table("sessions", {
  id: id(),
  userId: uuid().notNull(),
  username: text().notNull(),
  activeProjectId: uuid(),
  csrfToken: text().notNull(),
  expiresAt: moment().notNull(),
  endedAt: moment(),
  lastSeenAt: moment().notNull(),
  ...created(),
});

/** Someone who asked to join and must still prove it with the PIN the owner received. */
export const signupRequests = identity.table("signup_requests", {
  id: uuid().notNull(),
  username: text().notNull(),
  passwordHash: text().notNull(),
  pinHash: text().notNull(),
  pinSalt: text().notNull(),
  attemptCount: integer().notNull(),
  expiresAt: moment().notNull(),
  usedAt: moment(),
  ...created(),
});

/** The one-time digits that were sent to an address somebody says is his. */
export const emailCodes = identity.table("email_codes", {
  userId: uuid().notNull(),
  email: text().notNull(),
  digitsHash: text().notNull(),
  digitsSalt: text().notNull(),
  attemptCount: integer().notNull(),
  expiresAt: moment().notNull(),
  usedAt: moment(),
  ...created(),
});

/** One setting of the whole installation. */
export const appSettings = identity.table("app_settings", {
  key: text().notNull(),
  value: text().notNull(),
  updatedAt: moment().notNull(),
});

/** How often something guessable was tried in one window: logins, PINs. Fails closed. */
export const attempts = identity.table("attempts", {
  key: text().notNull(),
  windowStart: moment().notNull(),
  count: integer().notNull(),
});

/** A mutating request of a person for himself, in no project, and the answer to give again. */
export const userIdempotencyKeys = identity.table("user_idempotency_keys", {
  userId: uuid().notNull(),
  id: id(),
  route: text().notNull(),
  idempotencyKey: text().notNull(),
  requestHash: text().notNull(),
  responseStatus: integer().notNull(),
  responseBody: jsonb().notNull(),
  expiresAt: moment().notNull(),
  ...created(),
});

/** A critical act that belongs to no project: signing up, in and out, binding Telegram; ids and codes, never words. */
export const accessEvents = identity.table("access_events", {
  id: id(),
  userId: uuid(),
  actor: text().notNull(),
  action: text().notNull(),
  outcome: text().notNull(),
  payload: jsonb().notNull(),
  requestId: text().notNull(),
  at: moment().notNull(),
  ...created(),
});

/** What a role may do; enter() reads it. */
export const rolePermissions = identity.table("role_permissions", {
  role: text().notNull(),
  permission: text().notNull(),
});

/** A person's role in a project. */
export const memberships = identity.table("memberships", {
  ...tenant(),
  id: id(),
  userId: uuid().notNull(),
  role: text().notNull(),
  endedAt: moment(),
  ...stamps(),
});

/** An offer to join a project with a role, open until it is accepted, revoked or expired. */
export const invitations = identity.table("invitations", {
  ...tenant(),
  id: id(),
  role: text().notNull(),
  email: text(),
  tokenHash: text().notNull(),
  invitedBy: uuid(),
  expiresAt: moment().notNull(),
  acceptedBy: uuid(),
  acceptedAt: moment(),
  revokedAt: moment(),
  ...created(),
});

/** An outside account that feeds one project: the place its webhooks arrive. */
export const projectSources = identity.table("project_sources", {
  ...tenant(),
  id: id(),
  sourceKind: text().notNull(),
  externalId: text().notNull(),
  name: text().notNull(),
  signed: boolean().notNull(),
  secretSealed: text(),
  secretVersion: integer().notNull(),
  apiUrl: text(),
  apiTokenSealed: text(),
  provider: text(),
  disabledAt: moment(),
  ...stamps(),
});

/** A key of a mobile client or a machine, bound to one project. */
export const apiKeys = identity.table("api_keys", {
  ...tenant(),
  id: id(),
  name: text().notNull(),
  secretHash: text().notNull(),
  permissions: text().array().notNull(),
  userId: uuid(),
  expiresAt: moment(),
  revokedAt: moment(),
  lastUsedAt: moment(),
  rateLimit: integer(),
  replacedBy: text(),
  ...stamps(),
});
