-- What a campaign's approval is about, as one hash; whatever is changed afterwards, nothing more is written from it.
create or replace function outbound.campaign_seal(c outbound.campaigns) returns text
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select encode(sha256(convert_to(jsonb_build_array(c.id, c.class, c.channel, c.sender_id, c.segment_filter, c.variables,
      (select jsonb_agg(jsonb_build_array(s.number, s.template, s.template_ids, s.wait_seconds, s.stop_on_reply) order by s.number)
        from outbound.campaign_steps s where s.project_id = c.project_id and s.campaign_id = c.id),
      (select jsonb_agg(jsonb_build_array(t.id, t.language, t.channel, t.class, t.subject, t.body, t.variables, t.is_fallback) order by t.id)
        from outbound.templates t where t.project_id = c.project_id and t.id in (select unnest(s.template_ids)
          from outbound.campaign_steps s where s.project_id = c.project_id and s.campaign_id = c.id)))::text, 'utf8')), 'hex')
$$;
comment on function outbound.campaign_seal(outbound.campaigns) is 'SHA-256 (hex) over steps, templates, variables, sender and filter as they are now.';
revoke execute on function outbound.campaign_seal(outbound.campaigns) from public;
grant execute on function outbound.campaign_seal(outbound.campaigns) to omneuro_app;

-- The rows of a template that a step would use now: one a language.
create or replace function outbound.current_templates(named text, on_channel text) returns text[]
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select coalesce(array_agg(t.id order by t.language), '{}') from outbound.templates t
    where t.project_id = shared.scope() and t.name = named and t.channel = on_channel and t.retired_at is null
$$;
comment on function outbound.current_templates(text, text) is 'Ids of a template''s current rows on a channel.';
revoke execute on function outbound.current_templates(text, text) from public;
grant execute on function outbound.current_templates(text, text) to omneuro_app;

-- All that is needed to write a campaign's messages, its people apart.
create or replace function outbound.campaign_brief(campaign text) returns jsonb
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select jsonb_build_object('id', c.id, 'state', c.state, 'channel', c.channel, 'class', c.class, 'variables', c.variables,
      'brand', coalesce(nullif((select s.brand from outbound.senders s where s.project_id = c.project_id and s.id = c.sender_id), ''),
        nullif((select t.brand from outbound.settings t where t.project_id = c.project_id), ''),
        (select p.name from identity.projects p where p.id = c.project_id)),
      'steps', coalesce((select jsonb_agg(jsonb_build_object('number', s.number, 'name', s.template, 'templates',
          (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name, 'language', t.language, 'channel', t.channel, 'class', t.class,
              'subject', t.subject, 'body', t.body, 'variables', t.variables, 'fallback', t.is_fallback) order by t.language), '[]')
            from outbound.templates t where t.project_id = c.project_id and t.id = any (case when s.template_ids = '{}'
              then outbound.current_templates(s.template, c.channel) else s.template_ids end))) order by s.number)
        from outbound.campaign_steps s where s.project_id = c.project_id and s.campaign_id = c.id), '[]'))
  from outbound.campaigns c where c.project_id = shared.scope() and c.id = campaign
$$;
comment on function outbound.campaign_brief(text) is 'A campaign''s steps with the words of each language, and what is said in the gaps.';
revoke execute on function outbound.campaign_brief(text) from public;
grant execute on function outbound.campaign_brief(text) to omneuro_app;

-- How a campaign's event is called after a message moved; null where nothing is to be told.
create or replace function outbound.campaign_kind(was text, state text, code text) returns text
  language sql immutable parallel safe
  set search_path = pg_catalog, pg_temp
  as $$
  select case
    when state in ('submitted', 'sent') then case when was in ('submitted', 'sent', 'delivered', 'read') then null else 'sent' end
    when state in ('delivered', 'read', 'failed', 'unknown') then state
    when state = 'blocked_opt_out' then 'opt_out'
    when state = 'cancelled' then case when code ~ 'repl(y|ied)' then 'reply_detected'
      when code in ('opt_out', 'person_erased', 'campaign_cancelled', 'consent_missing') then code else 'withdrawn' end
    when state = 'draft' then 'content_changed'
    when state = 'queued' then case when code is null then null when code = 'frequency_cap_reached' then 'frequency_block'
      when code in ('quiet_hours', 'quiet_hours_never_end', 'consent_missing', 'held_for_operator', 'campaign_paused') then code else 'retried' end
    end
$$;
comment on function outbound.campaign_kind(text, text, text) is 'The kind of campaign event that a message''s move is.';
revoke execute on function outbound.campaign_kind(text, text, text) from public;
grant execute on function outbound.campaign_kind(text, text, text) to omneuro_app;
