// PGlite has one superuser: a login as somebody else is a transaction that begins in that role.
import { SqlError, type Statement } from "./protocol.ts";

export const SUPERUSER = "postgres";

const LEAD = String.raw`^(?:\s|--[^\n]*\n|/\*[\s\S]*?\*/)*`;
const TRANSACTION = new RegExp(
  String.raw`${LEAD}(?:begin|start\s+transaction|commit|end|abort|rollback(?!\s+to)|prepare\s+transaction)\b`,
  "i",
);
const ROLE = new RegExp(
  String.raw`${LEAD}(?:re)?set\s+(?:local\s+|session\s+)?(?:role|session\s+authorization)\b`,
  "i",
);
const ROLE_SETTING = /set_config\s*\(\s*'(?:role|session_authorization)'/i;
const COPY = new RegExp(String.raw`${LEAD}copy\b[\s\S]*\b(?:stdin|stdout)\b`, "i");

/** Throws where a real login would be refused, or where the statement would leave the role or stall the session. */
export function checkStatements(statements: readonly Statement[]): void {
  for (const { query } of statements) {
    if (COPY.test(query)) throw refusal("0A000", "COPY from or to the client is not possible over HTTP");
    if (ROLE.test(query) || ROLE_SETTING.test(query)) throw refusal("42501", "permission denied to set role");
    if (TRANSACTION.test(query)) throw refusal("2D000", "the transaction belongs to the endpoint: send a batch");
  }
}

export function findRole(user: string): Statement {
  const query = "select rolcanlogin, array_to_json(rolconfig)::text from pg_catalog.pg_roles where rolname = $1";
  return { query, params: [user] };
}

/** What a session of this role begins with: the role and its own settings (`alter role … set …`). */
export function beginAs(user: string, role: (string | null)[] | undefined): Statement[] {
  // With SCRAM a server does not tell an unknown user from a wrong password.
  if (role === undefined) throw refusal("28P01", `password authentication failed for user "${user}"`);
  const [canLogin, settings] = role;
  if (canLogin !== "t") throw refusal("28000", `role "${user}" is not permitted to log in`);
  const pairs = (JSON.parse(settings ?? "[]") as string[]).map((setting) => {
    const at = setting.indexOf("=");
    return [setting.slice(0, at), setting.slice(at + 1)];
  });
  const set = pairs.map((_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, true)`);
  return [
    ...(set.length > 0 ? [{ query: `select ${set.join(", ")}`, params: pairs.flat() }] : []),
    { query: `set local role ${quoteIdentifier(user)}`, params: [] },
  ];
}

function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function refusal(code: string, message: string): SqlError {
  return new SqlError(message, { severity: code.startsWith("28") ? "FATAL" : "ERROR", code });
}
