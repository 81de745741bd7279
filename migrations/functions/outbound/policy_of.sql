-- A person's policy as it is after an act: `acted` makes the reader wait for the act, whose changes the statement around would not see.
create or replace function outbound.policy_of(contact text, channel text, brand text, acted jsonb) returns setof outbound.contact_channel_policies
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$ begin
  return query select c.* from outbound.contact_channel_policies c where c.project_id = shared.scope() and c.contact_id = policy_of.contact
    and c.channel = policy_of.channel and c.brand = policy_of.brand;
end $$;
comment on function outbound.policy_of(text, text, text, jsonb) is 'A person''s policy on a channel, read after an act in the same statement.';
revoke execute on function outbound.policy_of(text, text, text, jsonb) from public;
grant execute on function outbound.policy_of(text, text, text, jsonb) to omneuro_app;
