-- Chunks that an import brings have no vector: they wait for one like any new text.
create or replace function memory.wait_imported() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin
  insert into memory.pending (project_id, account_scope_id, chunk_id, text_hash)
    values (new.project_id, new.account_scope_id, new.id, new.text_hash);
  return null;
end $$;
comment on function memory.wait_imported() is 'Trigger: a chunk that was brought in waits for its vector.';
create or replace trigger wait_imported after insert on memory.chunks for each row
  when (current_setting('app.importing', true) = 'on') execute function memory.wait_imported();
