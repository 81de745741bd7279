-- Offers and the facts they cite: cited only while they hold, and looked at again when they do not.

-- Of a root: its row that holds now, null where none does.
create or replace function insight.holding(fact text) returns text
  language sql stable set search_path = pg_catalog, pg_temp
  as $$ select x.id from world.facts x where x.project_id = shared.scope() and x.root_id = fact and x.superseded_at is null and x.stale_at is null
    and x.scope = 'global' and (x.valid_to is null or x.valid_to > shared.clock()) order by x.valid_from desc nulls last, x.id limit 1 $$;
comment on function insight.holding(text) is 'The row by which a fact holds, null where it does not.';
revoke execute on function insight.holding(text) from public;
grant execute on function insight.holding(text) to omneuro_app;

-- The share lock makes whoever supersedes the fact meanwhile wait, and then find this line.
create or replace function insight.check_cited() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
declare root text;
begin
  if current_setting('app.importing', true) = 'on' then return new; end if;
  select x.root_id into root from world.facts x where x.project_id = new.project_id and x.id = new.fact_id and x.scope = 'global';
  if root is null then perform shared.fail('not_found', 'fact_unknown', jsonb_build_object('id', new.fact_id)); end if;
  perform from world.facts x where x.project_id = new.project_id and x.root_id = root order by x.id for share;
  if insight.holding(root) is null then
    perform shared.fail('conflict', 'cited_fact_changed', jsonb_build_object('id', new.fact_id, 'detail', 'A fact that a line rests on holds no longer.'));
  end if;
  new.fact_id := root;
  return new;
end $$;
comment on function insight.check_cited() is 'Trigger: a line of an offer cites what holds.';

create or replace function insight.check_offer() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
declare gone text;
begin
  if current_setting('app.importing', true) = 'on' then return new; end if;
  select i.fact_id into gone from crm.offer_items i where i.project_id = new.project_id and i.offer_id = new.id and i.fact_id is not null
    and insight.holding(i.fact_id) is null order by i.position limit 1;
  if gone is not null then
    perform shared.fail('conflict', 'cited_fact_changed', jsonb_build_object('id', gone, 'detail', 'A fact that a line rests on holds no longer: change that line first.'));
  end if;
  return new;
end $$;
comment on function insight.check_offer() is 'Trigger: nothing is sent whose facts hold no longer.';

create or replace function insight.doubt_offers() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin
  if tg_table_name = 'evidence_items' then
    perform crm.doubt_offers('{}', array[new.id], case when new.withdrawn_at is null then 'cited_evidence_changed' else 'cited_evidence_gone' end);
  elsif tg_op = 'DELETE' then
    perform crm.doubt_offers(array[old.root_id], '{}', 'cited_fact_erased');
  elsif new.scope = 'global' and insight.holding(new.root_id) is null then
    perform crm.doubt_offers(array[new.root_id], '{}', case when new.superseded_at is null then 'cited_fact_doubted' else 'cited_fact_changed' end);
  end if;
  return null;
end $$;
comment on function insight.doubt_offers() is 'Trigger: open offers that cite what changed need a look.';

-- What each line of an offer rests on, as it was said and as it is now.
create or replace function insight.grounds_of(offer text) returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
  as $$
  select coalesce(jsonb_agg(jsonb_build_object('item', i.id, 'position', i.position, 'fact', i.fact_id, 'statement', f.statement, 'subject', f.subject_entity_id,
      'holds', case when i.fact_id is not null then insight.holding(i.fact_id) is not null end, 'now', n.statement, 'now_fact', n.root_id, 'evidence', i.evidence_id,
      'evidence_version', i.evidence_version, 'evidence_version_now', e.version, 'evidence_gone', e.withdrawn_at is not null, 'reason', i.stale_reason)
    order by i.position), '[]')
  from crm.offer_items i
    left join world.facts f on f.project_id = i.project_id and f.id = i.fact_id
    left join shared.evidence_items e on e.project_id = i.project_id and e.id = i.evidence_id
    -- What took its place, or what is said of the same by now.
    left join lateral (select x.statement, x.root_id from world.facts x where x.project_id = i.project_id and x.subject_entity_id = f.subject_entity_id and x.key = f.key
        and x.superseded_at is null and x.scope = 'global' and x.root_id <> f.root_id and (x.valid_from is null or x.valid_from <= shared.clock())
        and (x.valid_to is null or x.valid_to > shared.clock())
      order by x.id = f.superseded_by desc nulls last, x.origin = f.origin desc, x.recorded_at desc, x.id limit 1) n on insight.holding(i.fact_id) is null
  where i.project_id = shared.scope() and i.offer_id = offer and (i.fact_id is not null or i.evidence_id is not null)
$$;
comment on function insight.grounds_of(text) is 'The facts and evidence that an offer''s lines rest on, and what is so by now.';
revoke execute on function insight.grounds_of(text) from public;
grant execute on function insight.grounds_of(text) to omneuro_app;
