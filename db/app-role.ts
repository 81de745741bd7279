// The role the Worker logs in as: it owns nothing and cannot look past row security.
import type { Owner } from "./migrations.ts";

export const APP_ROLE = "omneuro_app";

/**
 * Creates the role or gives it this password. Roles belong to the whole server, so another runner may be first.
 * The owner needs CREATEROLE, no more; on PG >= 16 it can alter only roles that it made itself.
 */
export async function ensureAppRole(owner: Owner, { password }: { password: string }): Promise<void> {
  await owner.exec(`do $$ begin
    if not exists (select from pg_catalog.pg_roles where rolname = '${APP_ROLE}') then
      create role ${APP_ROLE} login nosuperuser nobypassrls nocreatedb nocreaterole noinherit;
    end if;
  exception when duplicate_object or unique_violation then null;
  end $$;`);
  await configure(owner, password);
  await refusePrivileges(owner);
}

async function configure(owner: Owner, password: string): Promise<void> {
  // Two runners that alter one role at once: the later one gets "tuple concurrently updated" (XX000).
  for (let attempt = 1; ; attempt += 1) {
    try {
      // The planner's price of a plan that was forced to an index is fictitious, and up to PG 17 enough to make it compile that
      // plan, for a second, at every call: what the Worker asks is never worth compiling.
      await owner.exec(`alter role ${APP_ROLE} login password ${quoteLiteral(password)};
        alter role ${APP_ROLE} set jit = off`);
      return;
    } catch (error) {
      if (attempt === 3 || !/concurrently updated/.test(String(error))) throw error;
    }
  }
}

/** Attributes cannot be taken away by an owner who is no superuser, but they can be refused. */
async function refusePrivileges(owner: Owner): Promise<void> {
  const [row] = await owner.query(
    `select rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication as strong
       from pg_catalog.pg_roles where rolname = '${APP_ROLE}'`,
  );
  if (row?.["strong"] !== false) {
    throw new Error(
      `${APP_ROLE} may do more than log in: drop SUPERUSER, BYPASSRLS, CREATEDB, CREATEROLE, REPLICATION.`,
    );
  }
}

function quoteLiteral(text: string): string {
  if (text.includes("\0")) throw new Error("a password has no zero byte");
  // E'' reads the same under either setting of standard_conforming_strings.
  return `E'${text.replace(/['\\]/g, "\\$&")}'`;
}
