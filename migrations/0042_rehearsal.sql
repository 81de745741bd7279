-- Rehearsals: what is said has its number in the talk, and a talk says whose side its user is on.

alter table world.messages add column seq int not null check (seq >= 1);
create unique index message_once on world.messages (project_id, session_id, seq);
comment on column world.messages.seq is 'Its number in the rehearsal, from 1.';

alter table world.session_entities drop constraint session_entities_part_check,
  add constraint session_entities_part_check check (part in ('attached', 'self', 'counterparty'));
create unique index session_one_self on world.session_entities (project_id, session_id) where part = 'self';
comment on column world.session_entities.part is 'counterparty: the one who is played; self: whom "my" means.';
