-- Somebody wrote to us. Whoever takes in customers' messages calls this in the same transaction, with each message that is new:
-- [{person, evidence, occurred_at, said: stop | start | yes | help | wish | none, channels: [{channel, address}, the one it came in by first],
-- brand, sender, language, thread, asked: {at, text}: what we wrote last, seed}]. All but person, occurred_at, said and seed may be missing.
-- A message heard twice must not be passed twice. Returns wake-ups to publish.
create or replace function outbound.heard(told jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare senders text[]; wakes jsonb;
begin
  if jsonb_path_exists(told, '$[*].said ? (@ != "none")') then senders := outbound.obey(told); end if;
  perform outbound.replied(told);
  -- Last of all: a wake-up is a row that others wait for.
  if senders is null then return '[]'; end if;
  select jsonb_agg(w.made) filter (where w.made is not null) into wakes from (
    select outbound.wake(shared.made_id('obx', concat_ws(':', shared.scope(), told->0->>'seed', s.id)), 'outbound.dispatch', s.id, shared.clock()) as made
    from (select distinct u as id from unnest(senders) u order by 1) s) w;
  return coalesce(wakes, '[]');
end $$;
comment on function outbound.heard(jsonb) is 'What follows for what we send from what customers write: words of command are obeyed, what a reply overtook is cancelled.';
revoke execute on function outbound.heard(jsonb) from public;
grant execute on function outbound.heard(jsonb) to omneuro_app;

-- Part of heard: the words of command. Returns senders that have an answer to send.
create or replace function outbound.obey(told jsonb) returns text[]
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  t jsonb; c jsonb; o jsonb; changed boolean; senders text[]; sender text;
begin
  -- Every lock of this call at once, in one order, so that two calls never wait for each other.
  perform pg_advisory_xact_lock(k.key) from (
    select outbound.policy_key('person', p || ':' || (w->>'channel'), i) as key
      from jsonb_path_query(told, '$[*] ? (@.said != "none")') m, jsonb_array_elements(m->'channels') w, unnest(people.same_person(array[m->>'person'])) i
    union
    select outbound.policy_key('address', p || ':' || (w->>'channel'), outbound.recipient_hash(w->>'channel', w->>'address'))
      from jsonb_path_query(told, '$[*] ? (@.said != "none")') m, jsonb_array_elements(m->'channels') w where w->>'address' is not null
    order by 1) k;

  for t in select m from jsonb_path_query(told, '$[*] ? (@.said != "none")') m order by (m->>'occurred_at')::timestamptz, m->>'seed' loop
    changed := false;
    continue when t->>'said' = 'yes' and not outbound.means_start(t);
    for c in select * from jsonb_array_elements(t->'channels') loop
      o := jsonb_build_object('channel', c->>'channel', 'brand', t->>'brand', 'contacts', jsonb_build_array(t->>'person'), 'by', 'keyword',
        'addresses', case when c->>'address' is null then '[]'::jsonb else jsonb_build_array(outbound.recipient_hash(c->>'channel', c->>'address')) end,
        'evidence', t->>'evidence', 'occurred_at', t->>'occurred_at', 'seed', t->>'seed', 'weak', t->>'said' = 'yes');
      case t->>'said'
        when 'stop' then changed := (outbound.opt_out(o)->>'changed')::boolean or changed;
        when 'start', 'yes' then perform outbound.opt_in(o);
        when 'wish' then perform outbound.hold(o);
        else null;
      end case;
    end loop;
    sender := case when changed then outbound.answer('stop_confirmation', t) when t->>'said' = 'help' then outbound.answer('help', t) end;
    if sender is not null then senders := senders || sender; end if;
  end loop;
  return senders;
end $$;
comment on function outbound.obey(jsonb) is 'Obeys STOP, START, HELP and wishes among what was heard; part of heard.';
revoke execute on function outbound.obey(jsonb) from public;
grant execute on function outbound.obey(jsonb) to omneuro_app;

-- A bare "yes" brings somebody back only when it can answer nothing else: he is opted out by a word, and since then we have written
-- nothing but the confirmation.
create or replace function outbound.means_start(t jsonb) returns boolean
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  who constant text[] := people.same_person(array[t->>'person']);
  since timestamptz;
begin
  select min(c.opted_out_at) into since from outbound.contact_channel_policies c
    where c.project_id = p and c.contact_id = any(who) and c.opted_out_by = 'keyword'
      and c.channel = any(array(select w->>'channel' from jsonb_array_elements(t->'channels') w));
  if since is null then return false; end if;
  if (t->'asked'->>'at')::timestamptz >= since
    and t->'asked'->>'text' not like '%' || outbound.confirmation('', 'en') and t->'asked'->>'text' not like '%' || outbound.confirmation('', 'da') then
    return false;
  end if;
  return not exists (select from outbound.messages m where m.project_id = p and m.contact_id = any(who)
    and m.purpose is distinct from 'stop_confirmation' and coalesce(m.sent_at, m.submitted_at) >= since);
end $$;
comment on function outbound.means_start(jsonb) is 'Whether a bare yes can only mean START.';
revoke execute on function outbound.means_start(jsonb) from public;
grant execute on function outbound.means_start(jsonb) to omneuro_app;

-- Who has written needs no reminder: what was approved before he wrote, and should stop for that, is cancelled. Nearly always there is
-- nothing, so this is one look into an index. What else ends with a reply (a place in a campaign) belongs here, beside it.
create or replace function outbound.replied(told jsonb) returns text[]
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  gone text[]; ledger jsonb; answered text[];
begin
  with wrote as (
    select distinct on (t.person) t.person, t.occurred_at, t.evidence, t.seed
    from jsonb_to_recordset(told) t (person text, occurred_at timestamptz, evidence text, seed text) order by t.person, t.occurred_at desc
  ), cancelled as (
    update outbound.messages m set state = 'cancelled', code = 'stop_on_reply', reserved_at = null, updated_at = at, version = m.version + 1
      from wrote w cross join lateral (select people.same_person(array[w.person]) as ids offset 0) k
      where m.project_id = p and m.contact_id = any(k.ids) and m.state in ('approved', 'queued') and m.stop_on_reply
        and m.approved_at < w.occurred_at
      returning m.id, m.campaign_id, w.evidence, w.seed)
  select array_agg(c.id order by c.id), jsonb_agg(jsonb_build_object('id', shared.made_id('evt', concat_ws(':', p, c.seed, c.id)), 'kind', 'outbound.message.stopped',
      'ref_type', 'outbound_message', 'ref_id', c.id, 'ts', at, 'payload', jsonb_strip_nulls(jsonb_build_object('state', 'cancelled', 'code', 'stop_on_reply',
        'evidence', c.evidence, 'campaign', c.campaign_id))) order by c.id)
    into gone, ledger from cancelled c;
  if ledger is not null then perform shared.record_events(ledger); end if;

  -- What is on the wire cannot be called back; should it come back to the queue, it is cancelled there. Locked in the order of settle.
  with wrote as (
    select distinct on (t.person) t.person, t.occurred_at, t.evidence
    from jsonb_to_recordset(told) t (person text, occurred_at timestamptz, evidence text) order by t.person, t.occurred_at desc
  ), flying as (
    select m.id, w.evidence from wrote w cross join lateral (select people.same_person(array[w.person]) as ids offset 0) k
      join outbound.messages m on m.project_id = p and m.contact_id = any(k.ids) and m.state in ('submitting', 'unknown') and m.stop_on_reply
        and m.approved_at < w.occurred_at
      order by m.id for update of m)
  update outbound.messages m set policy = coalesce(m.policy, '{}') || jsonb_build_object('replied', f.evidence)
    from flying f where m.project_id = p and m.id = f.id;

  -- A campaign's sequence ends for whoever wrote after it began, also between two steps.
  select array_agg(distinct k.id) into answered
    from jsonb_to_recordset(told) t (person text, occurred_at timestamptz),
      unnest(people.same_person(array[t.person])) k (id)
    where exists (select from outbound.campaign_members b where b.project_id = p and b.contact_id = k.id
      and b.state in ('waiting', 'queued') and b.created_at < t.occurred_at);
  if answered is not null then perform outbound.end_membership(answered, 'reply_detected'); end if;
  return gone;
end $$;
comment on function outbound.replied(jsonb) is 'Cancels what a reply overtook; told as for heard. The place for whatever else a reply ends.';
revoke execute on function outbound.replied(jsonb) from public;
grant execute on function outbound.replied(jsonb) to omneuro_app;
