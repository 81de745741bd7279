-- What would become of these messages if they were sent from `at` on until `until`: the verdicts of the real run, moment by moment, with
-- the places under the cap that earlier ones take. What waits is judged again when it would be. A draft is judged as if it were approved
-- now. Writes nothing. One row for each time a message is judged; a message that is judged over and over is followed `most` rounds.
create or replace function outbound.dry_run(ids text[], at timestamptz, until timestamptz, most int)
    returns table (id text, judged_at timestamptz, verdict text, code text, retry_at timestamptz)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  moment timestamptz; now_due text[]; planned jsonb := '[]'; waiting jsonb; row record; place record;
begin
  -- {message: when it is due}, in the dispatcher's order wherever it matters.
  select coalesce(jsonb_object_agg(m.id, greatest(m.due_at, dry_run.at)), '{}') into waiting
    from outbound.messages m where m.project_id = p and m.id = any(ids) and m.state in ('draft', 'pending', 'approved', 'queued')
      and greatest(m.due_at, dry_run.at) <= until;
  for round in 1 .. most loop
    select min(w.value::timestamptz) into moment from jsonb_each_text(waiting) w;
    exit when moment is null or moment > until;
    select array_agg(w.key order by case when w.value::timestamptz > dry_run.at then w.value::timestamptz else m.due_at end, m.id) into now_due
      from jsonb_each_text(waiting) w join outbound.messages m on m.project_id = p and m.id = w.key where w.value::timestamptz <= moment;
    for row in select v.* from outbound.verdicts(now_due, moment, planned) v loop
      id := row.id; judged_at := moment; verdict := row.verdict; code := row.code; retry_at := row.retry_at;
      return next;
      if row.verdict = 'wait' and row.retry_at > moment then
        waiting := waiting || jsonb_build_object(row.id, row.retry_at);
      else
        waiting := waiting - row.id;
      end if;
      if row.verdict = 'send' then
        select m.contact_id, m.channel, m.brand, m.class into place from outbound.messages m where m.project_id = p and m.id = row.id;
        if place.class <> 'reply' then
          planned := planned || jsonb_build_array(jsonb_build_object('contact', place.contact_id, 'channel', place.channel, 'brand', place.brand, 'at', moment));
        end if;
      end if;
    end loop;
  end loop;
end $$;
comment on function outbound.dry_run(text[], timestamptz, timestamptz, int) is 'The verdicts that messages would meet if sent from one moment to another; writes nothing.';
revoke execute on function outbound.dry_run(text[], timestamptz, timestamptz, int) from public;
grant execute on function outbound.dry_run(text[], timestamptz, timestamptz, int) to omneuro_app;
