-- The audit trail's seals: rows are written unchained in their act's batch, and chained here soon after, so that no writer waits for another.

create table shared.audit_seals (
  project_id uuid not null,
  account_scope_id uuid not null,
  seq int not null check (seq > 0),
  upto xid8 not null,
  ids text[] not null,
  leaves bytea not null,
  prev_root bytea not null,
  root bytea not null,
  sealed_at timestamptz not null default shared.clock(),
  primary key (project_id, seq),
  check (octet_length(leaves) = 32 * cardinality(ids))
);
comment on table shared.audit_seals is 'A link of the audit chain: the rows of all transactions up to a mark, and a root over them and the link before.';
comment on column shared.audit_seals.upto is 'Every transaction below it had ended when this was written: nothing can appear behind it.';
comment on column shared.audit_seals.leaves is 'SHA-256 of each row, 32 bytes each, in the order of ids: verify can name the row that changed.';
select shared.protect_tenant('shared.audit_seals');
select shared.append_only('shared.audit_seals');

create table shared.audit_anchors (
  project_id uuid not null,
  account_scope_id uuid not null,
  seq int not null,
  root bytea not null,
  anchored_at timestamptz not null default shared.clock(),
  primary key (project_id, seq)
);
comment on table shared.audit_anchors is 'A root of the audit chain that was told outside the database, once a day; without that a chain proves little.';
select shared.protect_tenant('shared.audit_anchors');
select shared.append_only('shared.audit_anchors');
