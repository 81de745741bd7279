-- Two entities that turned out to be one, and what has to be put back if they are two after all.

create table world.merges (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid references shared.users (id),
  id text not null,
  from_entity_id text not null,
  into_entity_id text not null,
  reason text not null check (length(reason) between 1 and 1000),
  moved jsonb not null default '{}',
  left_as text not null default '',
  merged_at timestamptz not null default shared.clock(),
  undone_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  foreign key (project_id, from_entity_id) references world.entities (project_id, id),
  foreign key (project_id, into_entity_id) references world.entities (project_id, id)
);
create index merges_from on world.merges (project_id, from_entity_id, merged_at desc);
create index merges_into on world.merges (project_id, into_entity_id);
comment on table world.merges is 'An entity that stood for another one from then on, and until when if that was taken back.';
comment on column world.merges.moved is 'Rows that ended and those that go on in their place: facts, relationships and edges as pairs of ids, edges that were assumed by it.';
comment on column world.merges.left_as is 'A digest of what was known of the entity right after: while it is the same, the merge can be taken back.';
select shared.protect_tenant('world.merges');
grant select, insert, update, delete on world.merges to omneuro_app;

alter table field.job_photos add column sha256 text check (sha256 ~ '^[0-9a-f]{64}$');
comment on column field.job_photos.sha256 is 'Of the file, so that it is known again when it is brought where its row was taken; null for one from before this was kept.';
