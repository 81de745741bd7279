// An export and an import of another tenant, for every route that names one.
import type { World } from "#test/kit/world.ts";

const exportOf =
  (kind: "project" | "mine") =>
  async (w: World): Promise<string> => {
    const id = `exp_${kind}_${w.b.accountId}`;
    await w.neon.query(
      `insert into shared.exports (project_id, account_scope_id, id, kind, user_id, expires_at) values ($1, $2, $3, $4, $5, '2099-01-01') on conflict do nothing`,
      [w.b.project, w.b.accountScope, id, kind, w.b.user],
    );
    return id;
  };

async function importOf(w: World): Promise<string> {
  const id = `imp_${w.b.accountId}`;
  await w.neon.query(
    "insert into shared.imports (project_id, account_scope_id, id, from_project, parts) values ($1, $2, $3, $1, 2) on conflict do nothing",
    [w.b.project, w.b.accountScope, id],
  );
  return id;
}

export const foreignExports: Record<string, (w: World) => Promise<string>> = {
  "shared.exports.get": exportOf("project"),
  "shared.exports.part": exportOf("project"),
  "shared.own_exports.part": exportOf("mine"),
  "shared.imports.get": importOf,
  "shared.imports.lines": importOf,
  "shared.imports.finish": importOf,
};
