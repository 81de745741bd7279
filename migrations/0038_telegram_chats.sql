-- The assistant on Telegram: whose chat is whose, the one-time codes that bind them, and messages in their later wordings.

create table assistant.telegram_chats (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid not null references shared.users (id),
  id text not null,
  telegram_user_id text not null check (telegram_user_id ~ '^[0-9]{1,20}$'),
  chat_id text not null check (chat_id ~ '^-?[0-9]{1,20}$'),
  bound_at timestamptz not null default shared.clock(),
  chosen_at timestamptz not null default shared.clock(),
  unbound_at timestamptz,
  primary key (project_id, id)
);
create unique index telegram_chat_of_person on assistant.telegram_chats (project_id, user_id) where unbound_at is null;
create unique index telegram_chat_of_sender on assistant.telegram_chats (project_id, telegram_user_id) where unbound_at is null;
create index telegram_chats_sender on assistant.telegram_chats (telegram_user_id, chat_id) where unbound_at is null;
comment on table assistant.telegram_chats is 'Which Telegram chat speaks for a person in a project: one at a time; ended ones stay as a trail.';
comment on column assistant.telegram_chats.telegram_user_id is 'Text: Telegram''s ids exceed 32 bits and may one day exceed 53.';
comment on column assistant.telegram_chats.chosen_at is 'Of one account''s projects, the one chosen last is spoken to.';

create table assistant.telegram_codes (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid not null references shared.users (id),
  code_hash text not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  used_by text,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, user_id)
);
create index telegram_codes_hash on assistant.telegram_codes (code_hash);
comment on table assistant.telegram_codes is 'The one-time code by which a person binds his chat; a newer one takes its place.';
comment on column assistant.telegram_codes.code_hash is 'A keyed hash; the code itself is stored nowhere.';
comment on column assistant.telegram_codes.used_by is 'Sender and chat, so that the same message delivered again is answered alike.';

do $$
declare t regclass;
begin
  foreach t in array array['assistant.telegram_chats', 'assistant.telegram_codes']::regclass[]
  loop
    perform shared.protect_personal(t);
    execute format('create trigger scope before insert or update of project_id, account_scope_id on %s
      for each row execute function shared.enforce_project_scope_match()', t);
    execute format('alter table %s add foreign key (project_id, account_scope_id) references identity.projects (id, account_scope_id)', t);
    execute format('grant select, insert, update on %s to omneuro_app', t);
  end loop;
end $$;

alter table assistant.inbox_items add column edit bigint not null default 0 check (edit >= 0);
comment on column assistant.inbox_items.edit is '0 for a message as it was first said; of its later wordings, the greater number is the newer.';
drop index assistant.inbox_item_once;
create unique index inbox_item_once on assistant.inbox_items (project_id, user_id, source, client_msg_id, edit) where client_msg_id is not null;
