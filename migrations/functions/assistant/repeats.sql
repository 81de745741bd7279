-- What repeats: the day after this one, by its rule, and the task for it.

-- Of RFC 5545: FREQ, INTERVAL, BYDAY (weekly; with a number, monthly), BYMONTHDAY, BYMONTH (yearly), UNTIL. Null for any other rule. The first
-- day after `due` that is not before `today`. A month that is too short has its last day instead.
create or replace function assistant.next_due(rule text, due date, today date) returns date
  language plpgsql immutable set search_path = pg_catalog, pg_temp
  as $$
declare
  base constant date := coalesce(due, today);
  r jsonb; every int; days text[]; k int; first date; d date; ends date; month_day int; at date;
begin
  select jsonb_object_agg(split_part(p, '=', 1), split_part(p, '=', 2)) into r from unnest(string_to_array(rule, ';')) p;
  if exists (select from jsonb_object_keys(r) x where x not in ('FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'BYMONTH', 'UNTIL', 'WKST'))
    or coalesce(r->>'INTERVAL', '1') !~ '^[1-9][0-9]{0,2}$' or coalesce(r->>'BYMONTHDAY', '1') !~ '^-?([1-9]|[12][0-9]|3[01])$'
    or coalesce(r->>'BYMONTH', '1') !~ '^([1-9]|1[0-2])$' or coalesce(r->>'UNTIL', '20990101') !~ '^20[0-9]{6}' then
    return null;
  end if;
  every := coalesce(r->>'INTERVAL', '1')::int;
  days := string_to_array(r->>'BYDAY', ',');
  month_day := coalesce((r->>'BYMONTHDAY')::int, extract(day from base)::int);
  if (r->>'FREQ') not in ('WEEKLY', 'MONTHLY') and days is not null or r->>'FREQ' <> 'YEARLY' and r ? 'BYMONTH'
    or (r->>'FREQ') in ('DAILY', 'WEEKLY') and r ? 'BYMONTHDAY' or days is not null and r ? 'BYMONTHDAY' then
    return null;
  end if;

  case r->>'FREQ'
    when 'DAILY' then
      at := base + every * greatest(1, ceil((today - base)::numeric / every)::int);
    when 'WEEKLY' then
      if exists (select from unnest(days) x where x !~ '^(MO|TU|WE|TH|FR|SA|SU)$') then return null; end if;
      first := date_trunc('week', base)::date;
      k := greatest(0, (today - first) / (7 * every));
      select min(x) into at from generate_series(k, k + 2) w, generate_series(0, 6) n, lateral (select first + 7 * every * w + n as x) c
        where x > base and x >= today and case when days is null then extract(isodow from x) = extract(isodow from base)
          else upper(left(to_char(x, 'DY'), 2)) = any (days) end;
    when 'MONTHLY' then
      if exists (select from unnest(days) x where x !~ '^(-1|[1-5])(MO|TU|WE|TH|FR|SA|SU)$') then return null; end if;
      first := date_trunc('month', base)::date;
      k := greatest(0, ((extract(year from today) - extract(year from first)) * 12 + extract(month from today) - extract(month from first))::int / every);
      -- A fifth Monday may be years away when only every so many months count.
      for m in k .. k + 60 loop
        d := (first + make_interval(months => m * every))::date;
        ends := (d + interval '1 month')::date - 1;
        if days is null then
          at := case when month_day < 0 then greatest(d, ends + month_day + 1) else least(d + month_day - 1, ends) end;
          if at <= base or at < today then at := null; end if;
        else
          select min(x) into at from generate_series(0, ends - d) n, lateral (select d + n as x) c
            where x > base and x >= today and ((n / 7 + 1)::text || upper(left(to_char(x, 'DY'), 2)) = any (days)
              or (ends - x < 7 and '-1' || upper(left(to_char(x, 'DY'), 2)) = any (days)));
        end if;
        exit when at is not null;
      end loop;
    when 'YEARLY' then
      k := greatest(0, (extract(year from today) - extract(year from base))::int / every);
      for y in k .. k + 2 loop
        d := make_date((extract(year from base) + y * every)::int, coalesce((r->>'BYMONTH')::int, extract(month from base)::int), 1);
        ends := (d + interval '1 month')::date - 1;
        at := case when month_day < 0 then greatest(d, ends + month_day + 1) else least(d + month_day - 1, ends) end;
        exit when at > base and at >= today;
        at := null;
      end loop;
    else return null;
  end case;
  return case when to_char(at, 'YYYYMMDD') <= coalesce(left(r->>'UNTIL', 8), '9') then at end;
end $$;
comment on function assistant.next_due(text, date, date) is 'The next day of what repeats; null where it ends, or its rule is not understood.';
revoke execute on function assistant.next_due(text, date, date) from public;
grant execute on function assistant.next_due(text, date, date) to omneuro_app;

-- "Every month" from the 31st: after a February it would be the 28th for ever, unless the rule remembers.
create or replace function assistant.anchored(rule text, due date) returns text
  language sql immutable set search_path = pg_catalog, pg_temp
  as $$ select rule || case when due is null or rule ~ 'BYDAY|BYMONTHDAY' then ''
    when rule like 'FREQ=MONTHLY%' and extract(day from due) > 28 then ';BYMONTHDAY=' || extract(day from due)
    when rule like 'FREQ=YEARLY%' and to_char(due, 'MMDD') = '0229' then ';BYMONTHDAY=29' || case when rule like '%BYMONTH=%' then '' else ';BYMONTH=2' end
    else '' end $$;
comment on function assistant.anchored(text, date) is 'A rule that keeps its day through months that are too short for it.';
revoke execute on function assistant.anchored(text, date) from public;
grant execute on function assistant.anchored(text, date) to omneuro_app;

-- Makes the task after one that was done just now; its id, or null. What it supports, addresses or is related to it keeps; what it waited
-- for it waited for this time. Within a capture both are noted, so that undoing that takes them back.
create or replace function assistant.repeat_task(done_id text, of_capture text) returns text
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope(); person constant uuid := assistant.me();
  t assistant.tasks; next date; fresh text; l record;
begin
  select x.* into t from assistant.tasks x where x.project_id = p and x.user_id = person and x.id = done_id and x.status = 'done' and x.repeats is not null
    and not exists (select from assistant.tasks f where f.project_id = p and f.user_id = person and f.follows_id = done_id and f.status <> 'archived');
  next := case when t.id is not null then assistant.next_due(t.repeats, t.due_date, assistant.today()) end;
  if next is null then return null; end if;
  fresh := shared.made_id('tsk', concat_ws(':', p, t.id, t.version));
  insert into assistant.tasks (project_id, user_id, id, title, title_norm, notes, priority, impact_score, due_date, repeats, source_inbox_item_id,
      source_evidence_id, ref_type, ref_id, follows_id)
    values (p, person, fresh, t.title, t.title_norm, t.notes, t.priority, t.impact_score, next, assistant.anchored(t.repeats, t.due_date), t.source_inbox_item_id,
      t.source_evidence_id, t.ref_type, t.ref_id, t.id);
  if of_capture is not null then perform assistant.note_change(of_capture, 'created', 'task', fresh, null, 1); end if;
  for l in select x.* from assistant.entity_links x where x.project_id = p and x.user_id = person and t.id in (x.from_entity_id, x.to_entity_id)
      and x.link_type in ('supports_goal', 'addresses_problem', 'related') order by x.id loop
    insert into assistant.entity_links (project_id, user_id, id, from_entity_type, from_entity_id, to_entity_type, to_entity_id, link_type)
      values (p, person, shared.made_id('lnk', l.id || ':' || fresh), l.from_entity_type, case l.from_entity_id when t.id then fresh else l.from_entity_id end,
        l.to_entity_type, case l.to_entity_id when t.id then fresh else l.to_entity_id end, l.link_type);
    if of_capture is not null then perform assistant.note_change(of_capture, 'linked', 'link', shared.made_id('lnk', l.id || ':' || fresh), null, 1); end if;
  end loop;
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', shared.made_id('evt', fresh), 'kind', 'assistant.task.repeated', 'ref_type', 'task',
    'ref_id', fresh, 'payload', jsonb_build_object('follows', t.id, 'due', next), 'ts', shared.clock())));
  return fresh;
end $$;
comment on function assistant.repeat_task(text, text) is 'The next of what repeats, once the one before it is done.';
revoke execute on function assistant.repeat_task(text, text) from public;
grant execute on function assistant.repeat_task(text, text) to omneuro_app;
