-- The field's part in an erasure: his jobs, which nobody is to drive to any more, and addresses he wrote from.
create or replace function field.begin_erasure() returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
begin
  perform shared.erase_ids('job', array(select j.id from field.jobs j where j.project_id = p and j.client_id in (select shared.doomed('person'))));
  if not shared.is_first_step() then return; end if;
  perform shared.seek(array(select distinct m.address from field.messages m where m.project_id = p and m.contact_id in (select shared.doomed('person'))), '{}');
  update field.schedule s set status = 'cancelled', updated_at = at, version = s.version + 1
    where s.project_id = p and s.job_id in (select shared.doomed('job')) and s.status in ('planned', 'confirmed');
  update field.jobs j set status = 'cancelled', cancel_reason = '[erased]', version = j.version + 1
    where j.project_id = p and j.id in (select shared.doomed('job')) and j.status in ('intake', 'scheduled', 'onsite', 'repairing');
end $$;
comment on function field.begin_erasure() is 'What of a running erasure''s subject are jobs; open ones are cancelled.';
revoke execute on function field.begin_erasure() from public;
grant execute on function field.begin_erasure() to omneuro_app;
